using Microsoft.Extensions.Options;
using Millrace.Local;
using Millrace.Logging;

namespace Millrace.Processes;

/// <summary>Runs one silo from the first line of the process to its exit code.</summary>
internal static class SiloProcess
{
    public static async Task<int> RunAsync(string[] args)
    {
        IConfiguration configuration =
            new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var process = new SiloProcessOptions();
        configuration.GetSection(SiloProcessOptions.Section).Bind(process);
        if (process.Detached)
        {
            PosixProcess.LeaveTerminal();
        }

        using ILoggerFactory loggers = SiloLogging.Create(configuration);
        ILogger logger = loggers.CreateLogger("Millrace.Silo");
        AppDomain.CurrentDomain.UnhandledException += (_, crash) => logger.Crashed(crash.ExceptionObject as Exception);
        try
        {
            var silo = SiloOptions.From(configuration);
            await RunAsync(silo, process, loggers, logger);
            return SiloExit.Stopped;
        }
        catch (OptionsValidationException wrong)
        {
            logger.WrongConfiguration(wrong.Message);
            return SiloExit.WrongConfiguration;
        }
        catch (Exception failure)
        {
            logger.Failed(failure);
            return SiloExit.Failed;
        }
    }

    private static async Task RunAsync(
        SiloOptions silo, SiloProcessOptions process, ILoggerFactory loggers, ILogger logger)
    {
        var record = new SiloRecordFile(process.Record, silo);
        record.Starting();
        try
        {
            using IHost host = BuildHost(silo, process, loggers);
            IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            lifetime.ApplicationStopping.Register(record.Stopping);
            await host.StartAsync();
            record.Active(host.Services);
            logger.Active(silo.Name, silo.Clustering.ToString(), Environment.ProcessId);
            await host.WaitForShutdownAsync();
            logger.Stopped(silo.Name);
        }
        finally
        {
            record.Gone();
        }
    }

    private static IHost BuildHost(SiloOptions silo, SiloProcessOptions process, ILoggerFactory loggers)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddConfiguration(silo.Configuration);
        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = process.ShutdownTimeout);
        builder.UseOrleans(orleans => orleans.AddMillraceSilo(silo));
        return builder.Build();
    }
}
