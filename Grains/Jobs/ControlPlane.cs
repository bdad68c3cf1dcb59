using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Execution.Settings;
using Millrace.Jobs.Storage;
using Millrace.Metrics;
using Millrace.Slots;
using Millrace.Storage;
using Millrace.Storage.Blobs;
using Millrace.Tasks.Reporting;
using Millrace.Tasks;
using Millrace.UserCode;

namespace Millrace.Jobs;

/// <summary>Puts the control plane into a silo.</summary>
internal static class ControlPlane
{
    /// <summary>Adds dispatcher, jobs, resource manager, slots and task manager. The host brings
    /// <see cref="IExecution"/>,
    /// <see cref="ITaskHost"/>, <see cref="IJobPrograms"/> and a package store.</summary>
    /// <param name="silo">The silo to set up.</param>
    /// <param name="configuration">Has the sections <c>Millrace:Jobs</c>, <c>Millrace:Checkpoints</c>,
    /// <c>Millrace:AzureStorage</c>, <c>Millrace:Slots</c> and <c>Millrace:Tasks</c>.</param>
    public static ISiloBuilder AddMillraceControlPlane(this ISiloBuilder silo, IConfiguration configuration)
    {
        IServiceCollection services = silo.Services;
        services.AddSection<JobOptions>(configuration, "Millrace:Jobs");
        services.AddSection<TaskHostOptions>(configuration, "Millrace:Tasks");
        services.AddSection<SlotOptions>(configuration, "Millrace:Slots");
        services.AddSection<CheckpointOptions>(configuration, "Millrace:Checkpoints");

        services.AddSingleton(static provider => SiloIdentity.Of(provider.GetRequiredService<ILocalSiloDetails>()));
        services.AddSingleton(static provider => new SlotTable(
            provider.GetRequiredService<IOptions<SlotOptions>>().Value.Count,
            provider.GetRequiredService<SiloIdentity>()));
        services.AddSingleton<SiloSlots>();
        services.AddSingleton<ITaskReporter, TaskReporter>();
        AddStorage(services, configuration);
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<JobMeters>();
        services.AddSingleton<JobRetention>();
        services.AddSingleton<SavepointStore>();
        services.AddSingleton<JobServices>();

        services.AddSingleton<JobWatcher>();
        services.AddSingleton<SlotRegistration>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static provider => provider.GetRequiredService<JobWatcher>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static provider => provider.GetRequiredService<SlotRegistration>());
        services.AddPlacementDirector<SiloPinnedPlacement, SiloPinnedPlacementDirector>();
        return silo;
    }

    private static void AddStorage(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<AzureStorageOptions>(configuration, AzureStorageOptions.Section);
        CheckLocation<CheckpointOptions>(services, CheckpointOptions.DirectoryKey, options => options.Directory);
        CheckLocation<CheckpointOptions>(
            services,
            CheckpointOptions.SavepointDirectoryKey,
            options => options.SavepointDirectory.Length == 0 ? null : options.SavepointDirectory);
        CheckLocation<JobOptions>(services, JobOptions.DirectoryKey, options => options.Directory);
        services.AddSingleton<FileSystems>();
        services.AddSingleton<ICheckpointStorage, CheckpointStorage>();
        services.AddSingleton<IJobRecordStore>(static provider =>
        {
            string location = provider.GetRequiredService<IOptions<JobOptions>>().Value.Directory;
            IExecution execution = provider.GetRequiredService<IExecution>();
            return StorageLocation.IsBlob(location)
                ? new BlobJobRecordStore(location, provider.GetRequiredService<FileSystems>().Blobs, execution)
                : new DirectoryJobRecordStore(location, execution, new FileReplacement());
        });
    }

    private static void CheckLocation<TOptions>(
        IServiceCollection services, string key, Func<TOptions, string?> location)
        where TOptions : class =>
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new LocationCheck<TOptions>(
            key, location, provider.GetRequiredService<IOptions<AzureStorageOptions>>()));
}
