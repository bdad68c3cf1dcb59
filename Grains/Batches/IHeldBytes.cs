namespace Millrace.Batches;

/// <summary>A block of bytes that is held by reference; nobody writes to it meanwhile.</summary>
internal interface IHeldBytes
{
    /// <summary>The block.</summary>
    byte[] Bytes { get; }

    /// <summary>Adds a holder.</summary>
    void Retain();

    /// <summary>Gives up one reference. From any thread.</summary>
    void Release();
}
