using Millrace.Batches;
using Millrace.Checkpointing;
using Millrace.Functions;
using Millrace.Jobs;
using Millrace.Network;
using Millrace.Operators;
using Millrace.Operators.Async.Lookups;
using Millrace.Operators.Sinks;
using Millrace.Operators.Sources;

namespace Millrace.Tasks;

/// <summary>The operators of one subtask, put together. Belongs to one loop.</summary>
internal sealed class OperatorChain : IDisposable
{
    private readonly List<OperatorInput> _inputs;
    private readonly List<StreamOperator> _operators;
    private readonly IPartitionOutput[] _outputs;
    private readonly IReadOnlySet<StreamOperator> _firstSteps;
    private readonly IReadOnlyDictionary<StreamOperator, string> _ids;

    /// <param name="head">Where input comes from.</param>
    /// <param name="operators">From the tails to the head, as they were built.</param>
    /// <param name="inputs">Of the operators, from the tails to the head.</param>
    /// <param name="links">From and to other subtasks.</param>
    /// <param name="firstSteps">The operators that take what the head reads, batch by batch.</param>
    /// <param name="failure">Where failures are noted.</param>
    /// <param name="ids">Of those operators that stand in the plan: 32 hexadecimal digits.</param>
    public OperatorChain(
        IChainHead head,
        List<StreamOperator> operators,
        List<OperatorInput> inputs,
        ChainLinks links,
        IReadOnlySet<StreamOperator> firstSteps,
        ChainFailure failure,
        IReadOnlyDictionary<StreamOperator, string> ids)
    {
        Head = head;
        _operators = operators;
        _inputs = inputs;
        _outputs = [.. links.Outputs.Select(link => link.Output)];
        _firstSteps = firstSteps;
        Links = links;
        Sinks = [.. operators.OfType<ISinkResult>()];
        Lookups = [.. operators.OfType<ILookupCounts>()];
        Failure = failure;
        _ids = ids;
    }

    public IChainHead Head { get; }

    public ChainFailure Failure { get; }

    /// <summary>Ways from and to other subtasks.</summary>
    public ChainLinks Links { get; }

    /// <summary>Ways to other subtasks.</summary>
    public IReadOnlyList<IPartitionOutput> Outputs => _outputs;

    /// <summary>Operators that end the flow here.</summary>
    public IReadOnlyList<ISinkResult> Sinks { get; }

    /// <summary>Operators that may have a cache.</summary>
    public IReadOnlyList<ILookupCounts> Lookups { get; }

    /// <summary>From the tails to the head.</summary>
    public IReadOnlyList<StreamOperator> Steps => _operators;

    /// <summary>Whether nothing follows what its head has taken.</summary>
    public bool HasSeenEnd => Head.HasSeenEnd;

    /// <summary>Whether nothing waits between operators.</summary>
    public bool IsDrained => _inputs.TrueForAll(input => input.IsEmpty);

    /// <summary>Whether the end of data has passed through every operator.</summary>
    public bool IsFinished => _operators.TrueForAll(step => step.IsFinished);

    /// <summary>After the end: whether everything written is where its consumers find it.</summary>
    public bool IsComplete => Array.TrueForAll(_outputs, static output => output.IsComplete);

    /// <summary>Connects its outputs with those that read them.</summary>
    /// <param name="onlyEnds">Whether nothing will be written but the end: consumers that had finished as well may be
    /// gone already, and need not hear of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask ConnectAsync(bool onlyEnds, CancellationToken cancellationToken)
    {
        foreach (IPartitionOutput output in _outputs)
        {
            try
            {
                await output.ConnectAsync(cancellationToken);
            }
            catch (SiloConnectionLostException) when (onlyEnds)
            {
                // One that is lost, and had not finished, is found out by itself.
            }
        }
    }

    /// <summary>The id of an operator in the plan, or null when it does not stand there.</summary>
    public string? IdOf(StreamOperator step) => _ids.GetValueOrDefault(step);

    /// <summary>Puts the cut of a checkpoint behind everything written to other subtasks.</summary>
    /// <param name="checkpoint">Number of the checkpoint.</param>
    /// <param name="overtakesAt">See <see cref="CheckpointBarrier.OvertakesAt"/>.</param>
    /// <param name="savepoint">What goes along with it when it is a savepoint.</param>
    public void EmitBarrier(long checkpoint, long overtakesAt, SavepointOrder? savepoint = null)
    {
        CheckpointBarrier barrier = new(checkpoint, savepoint, overtakesAt);
        Array.ForEach(_outputs, output => output.Emit(barrier));
    }

    /// <summary>Has every operator emit what the end of the input would bring, from the head to the tails.</summary>
    /// <param name="drained">How many have; to be given again.</param>
    /// <returns>False when the outputs had no more room, or something is still under way: call again.</returns>
    public bool TryDrain(ref int drained)
    {
        while (drained < _operators.Count)
        {
            if (!TryDrain(_operators[^(drained + 1)]))
            {
                return false;
            }

            // What it emitted is the next one's input.
            drained++;
            EndRound();
            if (!Resume())
            {
                return false;
            }
        }

        return IsDrained;
    }

    /// <summary>Tells other subtasks that nothing follows, of a subtask that had finished before.</summary>
    public void EmitEnd() => Array.ForEach(_outputs, output => output.Emit(EndOfData.Instance));

    /// <summary>Opens the operators, consumers before those that write to them.</summary>
    public void Open(Func<string, RuntimeContext> contextOf)
    {
        foreach (StreamOperator step in _operators)
        {
            try
            {
                Failure.Enter(step);
                step.Open(contextOf);
                Failure.Leave(caller: null);
            }
            catch (Exception exception) when (Failure.Note(exception, step))
            {
                throw;
            }
        }
    }

    /// <summary>
    /// Goes on with what waits between operators, that nearest to the outputs first: it makes room for the rest.
    /// </summary>
    /// <returns>Whether nothing is left.</returns>
    public bool Resume()
    {
        bool drained = true;
        foreach (OperatorInput input in _inputs)
        {
            drained &= input.IsEmpty || input.Run();
        }

        return drained;
    }

    /// <summary>As <see cref="Resume"/>, before a cut: what would only wait for answers from outside is taken in by the
    /// operators it waits for, to be saved with what they keep.</summary>
    /// <param name="clock">Of the loop's rounds.</param>
    public bool ResumeForCut(RoundClock clock)
    {
        bool drained = Resume();
        while (!drained && !clock.IsOver && TakeAside())
        {
            drained = Resume();
        }

        return drained;
    }

    private bool TakeAside()
    {
        bool tookAny = false;
        foreach (OperatorInput input in _inputs)
        {
            tookAny |= input.TakeAside();
        }

        return tookAny;
    }

    /// <summary>Hands on what waits for company within the chain, from the head to the tails.</summary>
    public void EndRound()
    {
        for (int i = _operators.Count - 1; i >= 0; i--)
        {
            EndRound(_operators[i]);
        }
    }

    /// <summary>Brings every operator between two units of work, so that they and what waits in front of them can be
    /// saved together while they are held up.</summary>
    /// <returns>False when one cannot be brought there, at least not yet.</returns>
    public bool HoldStill()
    {
        // What ends a unit in one operator may begin one in the next.
        for (int pass = 0; pass <= _inputs.Count; pass++)
        {
            int inUnits = 0;
            foreach (OperatorInput input in _inputs)
            {
                long before = input.Records;
                if (!input.EndUnit())
                {
                    return false;
                }

                inUnits += (int)(input.Records - before);
            }

            if (inUnits == 0)
            {
                return Links.InFlight.TrueForAll(static input => input.IsEmpty || input.CanRecord);
            }

            EndRound();
        }

        return false;
    }

    /// <summary>Hands over what waits for company on its way to other subtasks.</summary>
    public void FlushPartial()
    {
        foreach (IPartitionOutput output in _outputs)
        {
            if (output.HasPartial)
            {
                output.FlushPartial();
            }
        }
    }

    /// <summary>The operator at fault and the record at work, as far as they are known.</summary>
    public (string? Operator, string? Position) Describe(Exception exception)
    {
        StreamOperator? at = Failure.OperatorOf(exception);

        // A function that chooses where a record goes belongs to whoever gets it, as in the program.
        IPartitionOutput? chosen = Array.Find(_outputs, static output => output.ChoosesFor is not null);
        string? name = chosen?.ChoosesFor ?? at?.FailedName;
        int record = at is not null && _firstSteps.Contains(at) ? at.Record : -1;
        try
        {
            return (name, at?.FailedPosition ?? Head.DescribePosition(record));
        }
#pragma warning disable CA1031 // Of the user's reader: it must not hide the failure it is asked about.
        catch (Exception)
#pragma warning restore CA1031
        {
            return (name, null);
        }
    }

    /// <summary>What the subtask leaves once it has finished.</summary>
    /// <param name="subtask">Its index.</param>
    /// <param name="accumulators">What it counted.</param>
    /// <param name="former">What a former attempt had left already, or null.</param>
    public TaskResult ResultOf(int subtask, SubtaskAccumulators accumulators, TaskResult? former) => new(
        [.. former?.Accumulators ?? [], .. accumulators.Values()],
        [
            .. former?.Committables ?? [],
            .. Sinks.Where(sink => sink.Committables.Count > 0).Select(sink =>
                new OperatorCommittables(OperatorId.Parse(sink.OperatorId), [.. sink.Committables])),
        ],
        [
            .. former?.Returned ?? [],
            .. Sinks.SelectMany(sink => sink.Returned.Select(item =>
                new ReturnedBytes(item.Name, subtask, item.Bytes))),
        ]);

    /// <summary>Closes everything, also after a failure. The first error is thrown when all is done.</summary>
    public void Dispose()
    {
        List<Exception> errors = [];
        IEnumerable<IDisposable> parts = _operators.Cast<IDisposable>().Concat(_inputs);
        foreach (IDisposable part in Head is StreamOperator ? parts : parts.Prepend(Head))
        {
            Attempt(part.Dispose, errors);
        }

        if (errors.Count > 0)
        {
            throw new AggregateException("Closing the subtask's operators failed.", errors);
        }
    }

    private bool TryDrain(StreamOperator step)
    {
        try
        {
            StreamOperator? caller = Failure.Enter(step);
            bool isDone = step.TryDrain();
            Failure.Leave(caller);
            return isDone;
        }
        catch (Exception exception) when (Failure.Note(exception, step))
        {
            throw;
        }
    }

    // Timers and answers from outside are worked off here.
    private void EndRound(StreamOperator step)
    {
        try
        {
            StreamOperator? caller = Failure.Enter(step);
            step.EndRound();
            Failure.Leave(caller);
        }
        catch (Exception exception) when (Failure.Note(exception, step))
        {
            throw;
        }
    }

    // One function that cannot be closed must not keep the others open.
    private static void Attempt(Action close, List<Exception> errors)
    {
        try
        {
            close();
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            errors.Add(exception);
        }
    }
}
