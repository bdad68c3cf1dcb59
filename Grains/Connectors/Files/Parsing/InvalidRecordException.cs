namespace Millrace.Connectors.Files.Parsing;

/// <summary>The bytes of a record are no value of the type asked for. Whoever knows the file adds its name and the
/// line.</summary>
/// <param name="column">Where in the record: a column's number or name, a path; empty when unknown.</param>
/// <param name="reason">What was seen, and what is needed.</param>
/// <param name="innerException">What the parser said.</param>
internal sealed class InvalidRecordException(string column, string reason, Exception? innerException = null)
    : Exception(reason, innerException)
{
    /// <summary>Where in the record; empty when unknown.</summary>
    public string Column { get; } = column;
}
