using Millrace.Network.Exchange.Connections;

namespace Millrace.Network.Exchange.Frames;

/// <summary>Something that has frames for a connection: a channel's end, or the connection itself.</summary>
internal abstract class FrameSource
{
    /// <summary>1 from the moment it had something until the writer found that it has nothing. See
    /// <see cref="ConnectionWriter"/>.</summary>
    internal int Announced;

    /// <summary>Writes the next frame. Called by the connection's writer alone.</summary>
    /// <returns>False when there is none at present; whoever makes one announces the source then.</returns>
    public abstract bool TryWrite(FrameGather frames);
}
