using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Checkpointing.Storage;
using Millrace.Clustering;
using Millrace.Execution;
using Millrace.Execution.Settings;
using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Network;
using Millrace.Network.Blocking;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Calls;
using Millrace.Network.Exchange.Tls;
using Millrace.Slots;
using Millrace.Storage;
using Millrace.State;
using Millrace.State.Disk;
using Millrace.Tasks;
using Millrace.Tasks.Checkpointing.Copies;
using Millrace.UserCode;
using Millrace.UserCode.Packages;

namespace Millrace;

/// <summary>Makes a silo one of Millrace. There is no other way.</summary>
public static class SiloComposition
{
    /// <summary>Adds all that a silo of Millrace has.</summary>
    /// <param name="silo">The silo to set up.</param>
    /// <param name="options">Its name, cluster and endpoints.</param>
    /// <exception cref="OptionsValidationException">A setting cannot work.</exception>
    public static ISiloBuilder AddMillraceSilo(this ISiloBuilder silo, SiloOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        silo.Configure<Orleans.Configuration.SiloOptions>(named => named.SiloName = options.Name);
        silo.UseMillraceClustering(options.Clustering);
        silo.UseMillraceEndpoints(options.Endpoints);

        // Its entries outlive the silo they stand on: with the other one, the grain of a job would be deactivated, and
        // begin again, because a silo died that had nothing to do with the job (docs/adr/0022).
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        IServiceCollection services = silo.Services;
        AddOptions(services, options);
        AddExecution(services);
        AddNetwork(services, options);
        AddUserCode(services, options);
        services.AddSingleton(provider => new DiskStateSpace(
            provider.GetRequiredService<IExecution>(),
            provider.GetRequiredService<IOptions<DiskStateOptions>>().Value,
            provider.GetRequiredService<ILogger<DiskStateSpace>>()));
        services.AddSingleton(CreateState);
        services.AddSingleton(CreateCopies);
        services.AddSingleton(CreateTaskHost);
        services.AddSingleton<ITaskHost>(provider => provider.GetRequiredService<TaskHost>());
        services.AddMetrics();
        services.AddHostedService<SiloMetering>();
        silo.AddMillraceControlPlane(options.Configuration);
        return silo;
    }

    private static void AddOptions(IServiceCollection services, SiloOptions options)
    {
        // Before the sections are bound, so that a setting wins.
        services.Configure<SlotOptions>(slots => slots.Count = Environment.ProcessorCount);
        services.Configure<ExchangeOptions>(exchange => exchange.Address = AddressOf(options));
        Bind<ExchangeOptions>(services, options, "Millrace:Exchange");
        Bind<NetworkOptions>(services, options, "Millrace:Network");
        Bind<BatchOptions>(services, options, "Millrace:Batch");
        Bind<WorkerOptions>(services, options, "Millrace:Workers");
        Bind<UserCodeOptions>(services, options, "Millrace:UserCode");
        Bind<StateOptions>(services, options, "Millrace:State", "Disk");
        Bind<DiskStateOptions>(services, options, "Millrace:State:Disk");
        Bind<LocalStateOptions>(services, options, "Millrace:LocalState");
        services.AddSingleton<IValidateOptions<ExchangeOptions>, ExchangeOptionsChecks>();
    }

    private static void Bind<T>(
        IServiceCollection services, SiloOptions options, string section, params string[] others)
        where T : class =>
        services.AddSection<T>(options.Configuration, section, others);

    private static void AddExecution(IServiceCollection services) => services.AddSingleton<IExecution>(provider =>
    {
        ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Millrace.Execution");
        return new SystemExecution(
            provider.GetRequiredService<IOptions<WorkerOptions>>().Value,
            provider.GetRequiredService<ITransport>(),
            TimeProvider.System,
            logger);
    });

    private static void AddNetwork(IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton(provider => new ExchangeIdentity(
            options.Clustering.ClusterId, provider.GetRequiredService<SiloIdentity>().Address));
        services.AddSingleton(provider => new GrainCallTransport(
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<SiloIdentity>().Address,
            provider.GetRequiredService<ISiloStatusOracle>(),
            () => provider.GetRequiredService<IExecution>().NewId()));
        services.AddSingleton(CreateTransport);
        services.AddSingleton<IExchange>(provider => new ConnectionExchange(
            provider.GetRequiredService<IExecution>(),
            provider.GetRequiredService<IOptions<ExchangeOptions>>().Value,
            provider.GetRequiredService<ExchangeIdentity>(),
            provider.GetRequiredService<ILogger<ConnectionExchange>>()));
        services.AddSingleton(provider => new NetworkEnvironment(
            provider.GetRequiredService<IExecution>(),
            provider.GetRequiredService<IOptions<NetworkOptions>>().Value,
            provider.GetRequiredService<IExchange>(),
            provider.GetRequiredService<PartitionStore>()));
        services.AddSingleton(provider => new SpillSpace(
            provider.GetRequiredService<IExecution>(),
            provider.GetRequiredService<IOptions<BatchOptions>>().Value,
            provider.GetRequiredService<ILogger<SpillSpace>>()));
        services.AddSingleton(provider => new PartitionStore(
            provider.GetRequiredService<IExecution>(),
            provider.GetRequiredService<SpillSpace>(),
            provider.GetRequiredService<IExchange>().Buffers));
    }

    private static ITransport CreateTransport(IServiceProvider provider)
    {
        ExchangeOptions options = provider.GetRequiredService<IOptions<ExchangeOptions>>().Value;
        ITransport transport = options.Transport == ExchangeTransport.GrainCalls
            ? provider.GetRequiredService<GrainCallTransport>()
            : new SocketTransport();
        return options.Tls.Enabled
            ? new TlsTransport(transport, new TlsIdentityFiles(options.Tls, TimeProvider.System).Read())
            : transport;
    }

    private static void AddUserCode(IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton(options.Programs);
        services.AddSingleton<IPackageStore>(provider =>
        {
            string location = options.Packages.Directory;
            IExecution execution = provider.GetRequiredService<IExecution>();
            IOptions<UserCodeOptions> bounds = provider.GetRequiredService<IOptions<UserCodeOptions>>();
            return StorageLocation.IsBlob(location)
                ? new BlobPackageStore(location, provider.GetRequiredService<FileSystems>().Blobs, execution, bounds)
                : new DirectoryPackageStore(location, execution, bounds);
        });
        services.AddSingleton(provider => new PackageCache(
            options.Packages.Unpacked,
            provider.GetRequiredService<IPackageStore>(),
            provider.GetRequiredService<IExecution>(),
            provider.GetRequiredService<IOptions<UserCodeOptions>>()));
        services.AddSingleton<IJobPrograms, JobPrograms>();
    }

    private static StateEnvironment CreateState(IServiceProvider provider) => new(
        provider.GetRequiredService<IOptions<StateOptions>>().Value.Backend,
        provider.GetRequiredService<DiskStateSpace>());

    private static SiloCheckpointStorage CreateCopies(IServiceProvider provider)
    {
        LocalStateOptions options = provider.GetRequiredService<IOptions<LocalStateOptions>>().Value;
        string place = provider.GetRequiredService<IOptions<CheckpointOptions>>().Value.Directory;
        bool isWanted = options.Copies == LocalStateCopies.Always
            || (options.Copies == LocalStateCopies.WhenRemote && StorageLocation.IsBlob(place));
        return new SiloCheckpointStorage(
            provider.GetRequiredService<ICheckpointStorage>(),
            isWanted
                ? new LocalCopies(
                    provider.GetRequiredService<IExecution>(),
                    options,
                    provider.GetRequiredService<ILogger<LocalCopies>>())
                : null);
    }

    private static TaskHost CreateTaskHost(IServiceProvider provider)
    {
        SiloIdentity silo = provider.GetRequiredService<SiloIdentity>();
        SiloCheckpointStorage checkpoints = provider.GetRequiredService<SiloCheckpointStorage>();
        return new TaskHost(
            new TaskHostEnvironment(
                silo.Address,
                silo.Name,
                provider.GetRequiredService<IExecution>(),
                provider.GetRequiredService<NetworkEnvironment>(),
                provider.GetRequiredService<IJobPrograms>(),
                provider.GetRequiredService<ITaskReporter>(),
                provider.GetRequiredService<IOptions<TaskHostOptions>>().Value,
                checkpoints)
            {
                State = provider.GetRequiredService<StateEnvironment>(),
            },
            provider.GetRequiredService<ILogger<TaskHost>>());
    }

    /// <summary>Records come in by the same address as calls.</summary>
    private static string AddressOf(SiloOptions options)
    {
        (_, IPAddress advertised) = options.Endpoints.Resolve();
        return advertised.ToString();
    }
}
