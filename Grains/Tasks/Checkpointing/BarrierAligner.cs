using Millrace.Network;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Holds back the channels of a subtask whose barrier has come, until it has come on all of them. Belongs to
/// one loop.</summary>
/// <remarks>A channel that has ended needs no barrier. When all have ended, there is no cut: the subtask finishes, and
/// counts as finished in the checkpoint. A barrier of a later checkpoint gives up the alignment of the one
/// before.</remarks>
/// <param name="channels">Number of channels, over all gates.</param>
/// <param name="cut">Begins when the barrier has come on all channels.</param>
internal sealed class BarrierAligner(int channels, CheckpointCut cut)
{
    private readonly List<IInputGate> _gates = [];
    private readonly bool[] _passed = new bool[channels];
    private readonly bool[] _ended = new bool[channels];
    private long _checkpoint;
    private int _open = channels;
    private int _missing;

    /// <summary>Whether some channels are held back.</summary>
    public bool IsAligning => _missing > 0;

    /// <summary>A gate whose channels take part.</summary>
    public void Add(IInputGate gate) => _gates.Add(gate);

    /// <summary>A barrier came.</summary>
    /// <param name="gate">By which gate.</param>
    /// <param name="own">The channel's number within the gate.</param>
    /// <param name="channel">Its number over all gates.</param>
    /// <param name="checkpoint">Number of the checkpoint.</param>
    public void Pass(IInputGate gate, int own, int channel, long checkpoint)
    {
        if (checkpoint < _checkpoint || checkpoint <= cut.Last)
        {
            // Of a checkpoint that was given up.
            return;
        }

        if (checkpoint > _checkpoint)
        {
            Release();
            _checkpoint = checkpoint;
            _missing = _open;
            cut.Times.Announce();
        }

        if (!_passed[channel])
        {
            _passed[channel] = true;
            gate.Block(own);
            Arrived();
        }
    }

    /// <summary>Nothing follows on a channel.</summary>
    public void End(int channel)
    {
        if (_ended[channel])
        {
            return;
        }

        _ended[channel] = true;
        _open--;
        if (IsAligning && !_passed[channel])
        {
            Arrived();
        }
    }

    private void Arrived()
    {
        _missing--;
        if (_missing > 0)
        {
            return;
        }

        Release();
        if (_open > 0)
        {
            cut.Begin(_checkpoint);
        }
    }

    private void Release()
    {
        _missing = 0;
        Array.Clear(_passed);
        _gates.ForEach(gate => gate.UnblockAll());
    }
}
