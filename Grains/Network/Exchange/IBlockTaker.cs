using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange;

/// <summary>Where encoded blocks go: to another silo, or into a partition.</summary>
internal interface IBlockTaker
{
    /// <summary>Takes a block.</summary>
    /// <param name="buffer">A frame: room for its header, the block's header, records. The reference moves.</param>
    /// <param name="length">Bytes of the frame.</param>
    void Add(NetworkBuffer buffer, int length);
}
