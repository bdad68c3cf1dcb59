using Millrace.Batches;
using Millrace.Network;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Finds the moment at which a subtask is cut: when the barrier of a checkpoint has come on all channels, or
/// when it waits in all on which it has not come, and has lost patience. Belongs to one loop.</summary>
/// <remarks>
/// <para>
/// A channel whose barrier has come is held back until then, unless records may count twice. One that has ended needs
/// no barrier. When all have ended, there is no cut: the subtask finishes, and counts as finished in the checkpoint. A
/// barrier of a later checkpoint gives up the alignment of the one before.
/// </para>
/// <para>
/// Barriers are foretold when they are queued. When the cut overtakes them, what stands in front of them is in flight
/// and to be recorded; they themselves come later and are ignored. A channel whose end is foretold is in flight up to
/// its end.
/// </para>
/// </remarks>
/// <param name="mayBeOvertaken">For each channel, over all gates, whether what is in it may be recorded.</param>
/// <param name="cut">Begins at that moment.</param>
/// <param name="holdsBack">Whether channels are held back.</param>
internal sealed class BarrierAligner(bool[] mayBeOvertaken, CheckpointCut cut, bool holdsBack = true)
{
    // Behind the barrier of any checkpoint.
    private const long EndForetold = long.MaxValue;

    private readonly List<IInputGate> _gates = [];
    private readonly bool[] _passed = new bool[mayBeOvertaken.Length];
    private readonly bool[] _ended = new bool[mayBeOvertaken.Length];
    private readonly long[] _foretold = new long[mayBeOvertaken.Length];

    // Not passed, but foretold: what is in them may be recorded at any time.
    private readonly bool[] _inFlight = new bool[mayBeOvertaken.Length];
    private readonly bool[] _overtaken = new bool[mayBeOvertaken.Length];
    private long _checkpoint;
    private int _open = mayBeOvertaken.Length;
    private int _missing;
    private int _inFlightCount;
    private long _patienceEnds = CheckpointBarrier.Never;

    /// <summary>Whether the barrier of a checkpoint is awaited on some channels.</summary>
    public bool IsAligning => _missing > 0;

    /// <summary>When the barrier loses patience, if nothing but that is missing;
    /// <see cref="CheckpointBarrier.Never"/> otherwise.</summary>
    public long OvertakesAt => IsAligning && _missing == _inFlightCount ? _patienceEnds : CheckpointBarrier.Never;

    /// <summary>A gate whose channels take part.</summary>
    public void Add(IInputGate gate) => _gates.Add(gate);

    /// <summary>Before the first barrier: what is in a channel may not be recorded after all.</summary>
    public void Keep(int channel) => mayBeOvertaken[channel] = false;

    /// <summary>A barrier came.</summary>
    /// <param name="gate">By which gate.</param>
    /// <param name="own">The channel's number within the gate.</param>
    /// <param name="channel">Its number over all gates.</param>
    /// <param name="barrier">The barrier.</param>
    public void Pass(IInputGate gate, int own, int channel, CheckpointBarrier barrier)
    {
        if (!Concerns(barrier) || _passed[channel])
        {
            return;
        }

        _passed[channel] = true;
        Land(channel);
        if (holdsBack)
        {
            gate.Block(own);
        }

        Arrived();
    }

    /// <summary>A barrier, or the end of data, waits in a channel.</summary>
    /// <param name="channel">The channel's number over all gates.</param>
    /// <param name="control">What waits.</param>
    public void Foretell(int channel, StreamElement control)
    {
        if (control is not CheckpointBarrier barrier)
        {
            _foretold[channel] = EndForetold;
            Launch(channel);
            return;
        }

        _foretold[channel] = Math.Max(_foretold[channel], barrier.Checkpoint);
        if (barrier.OvertakesAt != CheckpointBarrier.Never && Concerns(barrier))
        {
            Launch(channel);
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
        Land(channel);
        if (IsAligning && !_passed[channel])
        {
            Arrived();
        }
    }

    /// <summary>Begins the cut, if only patience kept it.</summary>
    public void Overtake(long now)
    {
        if (now >= OvertakesAt && !cut.IsUnderWay)
        {
            Begin();
        }
    }

    /// <summary>Whether, at the latest cut, something may have been in flight in a channel.</summary>
    public bool IsOvertaken(int channel) => _overtaken[channel];

    // Whether it is of the checkpoint that is awaited, which it may be the first to say.
    private bool Concerns(CheckpointBarrier barrier)
    {
        long checkpoint = barrier.Checkpoint;
        if (checkpoint < _checkpoint || checkpoint <= cut.Last)
        {
            // Of a checkpoint that was given up, or overtaken.
            return false;
        }

        if (checkpoint > _checkpoint)
        {
            Release();
            _checkpoint = checkpoint;
            _missing = _open;
            _patienceEnds = CheckpointBarrier.Never;
            cut.Times.Announce();
            for (int channel = 0; channel < _foretold.Length; channel++)
            {
                if (_foretold[channel] >= checkpoint)
                {
                    Launch(channel);
                }
            }
        }

        _patienceEnds = Math.Min(_patienceEnds, barrier.OvertakesAt);
        return true;
    }

    private void Launch(int channel)
    {
        if (IsAligning && mayBeOvertaken[channel] && !_passed[channel] && !_ended[channel] && !_inFlight[channel])
        {
            _inFlight[channel] = true;
            _inFlightCount++;
        }
    }

    private void Land(int channel)
    {
        if (_inFlight[channel])
        {
            _inFlight[channel] = false;
            _inFlightCount--;
        }
    }

    private void Arrived()
    {
        if (--_missing == 0)
        {
            if (_open > 0)
            {
                Begin();
                return;
            }

            Release();
        }
    }

    private void Begin()
    {
        _inFlight.CopyTo(_overtaken, 0);
        long patienceEnds = _patienceEnds;
        Release();
        cut.Begin(_checkpoint, patienceEnds);
    }

    private void Release()
    {
        _missing = 0;
        _inFlightCount = 0;
        Array.Clear(_passed);
        Array.Clear(_inFlight);
        _gates.ForEach(gate => gate.UnblockAll());
    }
}
