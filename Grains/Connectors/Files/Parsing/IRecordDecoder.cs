namespace Millrace.Connectors.Files.Parsing;

/// <summary>Turns the bytes of records into values, on behalf of one reader and on its loop.</summary>
internal interface IRecordDecoder<T>
{
    /// <summary>Records of a file follow whose first record names their fields. Only where the layout has
    /// headers.</summary>
    /// <exception cref="InvalidRecordException">The header is not what is needed.</exception>
    void Begin(ReadOnlySpan<byte> header);

    /// <summary>Makes a value of a record.</summary>
    /// <param name="record">Without its end of line; without a byte order mark.</param>
    /// <param name="value">The value.</param>
    /// <returns>False for a line that is no record, such as an empty one.</returns>
    /// <exception cref="InvalidRecordException">These bytes are no such record.</exception>
    bool TryDecode(ReadOnlySpan<byte> record, out T value);
}
