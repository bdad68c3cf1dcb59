using Millrace.Failures;

namespace Millrace.Connectors.Collect;

/// <summary>More was to be collected for the client than was agreed.</summary>
/// <param name="name">Name of the collecting sink.</param>
/// <param name="maxBytes">Its limit.</param>
[GenerateSerializer, Alias("millrace.CollectLimitException")]
public sealed class CollectLimitException(string name, int maxBytes) : StreamingException(
    $"The records collected as '{name}' take more than {maxBytes} bytes. Collect less of them (filter or aggregate "
    + "first), raise the limit (maxBytes), or write them into files.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
