namespace Millrace.Connectors.Files;

/// <summary>How the bytes of a file are packed.</summary>
public enum FileCompression
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>gzip, with one member or several.</summary>
    Gzip,
}
