using Microsoft.Extensions.Logging.Console;

namespace Millrace.Logging;

/// <summary>Where a silo's process logs. Section <c>Millrace:Logging</c>: <c>File</c>, <c>MaxBytes</c>, <c>Console</c>,
/// <c>Level</c>; levels by category as usual in the section <c>Logging:LogLevel</c>.</summary>
internal static class SiloLogging
{
    /// <summary>Orleans and the host tell an operator little at lower levels.</summary>
    private static readonly string[] QuietCategories = ["Orleans", "Microsoft", "Polly"];

    public static ILoggerFactory Create(IConfiguration configuration)
    {
        var options = new LoggingOptions();
        configuration.GetSection(LoggingOptions.Section).Bind(options);
        return LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(options.Level);
            foreach (string category in QuietCategories)
            {
                logging.AddFilter(category, LogLevel.Warning);
            }

            // That it did not start is told by whoever has started it, in a line where that will do.
            logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
            logging.AddConfiguration(configuration.GetSection("Logging"));
            if (options.File is not null)
            {
                var file = new LogFile(options.File, options.MaxBytes);
                logging.AddProvider(new LogFileProvider(file, TimeProvider.System));
            }

            if (options.Console)
            {
                logging.AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.TimestampFormat = "HH:mm:ss.fff ";
                    console.ColorBehavior = LoggerColorBehavior.Default;
                });
            }
        });
    }
}
