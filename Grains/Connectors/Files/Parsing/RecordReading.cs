namespace Millrace.Connectors.Files.Parsing;

/// <summary>How the bytes of files become records of a type.</summary>
/// <param name="Layout">Where records begin and end.</param>
/// <param name="CreateDecoder">Makes what turns their bytes into values, once per reader.</param>
internal sealed record RecordReading<T>(RecordLayout Layout, Func<IRecordDecoder<T>> CreateDecoder);

/// <summary>Where records begin and end in a file of lines.</summary>
/// <param name="HasHeader">Whether the first record of each file names the fields of the others.</param>
/// <param name="QuotesLineEnds">Whether an end of line between quotes is part of a record. A file can then be read from
/// its beginning only.</param>
internal readonly record struct RecordLayout(bool HasHeader, bool QuotesLineEnds);
