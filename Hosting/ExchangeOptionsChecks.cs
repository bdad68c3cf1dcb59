using Microsoft.Extensions.Options;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Tls;

namespace Millrace;

/// <summary>What the ranges of single settings do not say: settings that contradict each other, files that are not
/// there.</summary>
internal sealed class ExchangeOptionsChecks : IValidateOptions<ExchangeOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ExchangeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        if (!Enum.IsDefined(options.Transport))
        {
            failures.Add($"Millrace:Exchange:Transport is {options.Transport}; {string.Join(" or ",
                Enum.GetNames<ExchangeTransport>())} is needed.");
        }

        if (options.HeartbeatTimeout < 2 * options.HeartbeatInterval)
        {
            failures.Add($"Millrace:Exchange:HeartbeatTimeout is {options.HeartbeatTimeout}; two intervals of "
                + $"{options.HeartbeatInterval} are needed at least.");
        }

        if (options.Tls.Enabled && WhyNoTls(options.Tls) is string reason)
        {
            failures.Add(reason);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? WhyNoTls(ExchangeTlsOptions options)
    {
        try
        {
            new TlsIdentityFiles(options, TimeProvider.System).Read();
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}
