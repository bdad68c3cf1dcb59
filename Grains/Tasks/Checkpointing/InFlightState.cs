using Millrace.Checkpointing;
using Millrace.Jobs;
using Millrace.Network.InFlight;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Subtasks;

namespace Millrace.Tasks.Checkpointing;

/// <summary>What is in flight at the cut of one checkpoint, held by reference until it is stored.</summary>
/// <remarks>Filled by the loop at the cut, before it is given away to be written.</remarks>
internal sealed class InFlightState : FrozenState
{
    private readonly List<(string Operator, int Input, Func<TypeShape> Shape, List<InFlightWay> Ways)> _sections = [];
    private readonly List<InFlightSize> _sizes = [];

    /// <summary>How much was written, by edge.</summary>
    public IReadOnlyList<InFlightSize> Sizes => _sizes;

    /// <inheritdoc/>
    public override bool IsChange => false;

    /// <summary>Adds what is in flight to one input of an operator, unless there is nothing.</summary>
    /// <param name="operatorId">The operator.</param>
    /// <param name="input">Zero-based input of it.</param>
    /// <param name="shape">Shape of the records.</param>
    /// <param name="ways">By way; held here from now on.</param>
    public void Add(string operatorId, int input, Func<TypeShape> shape, List<InFlightWay> ways)
    {
        ways.RemoveAll(static way => way.Records.IsEmpty);
        if (ways.Count > 0)
        {
            _sections.Add((operatorId, input, shape, ways));
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<long> Write(SnapshotOutput output)
    {
        if (_sections.Count == 0)
        {
            yield break;
        }

        RecordWriter writer = output.Writer;
        writer.WriteCount(_sections.Count);
        foreach ((string operatorId, int input, Func<TypeShape> shape, List<InFlightWay> ways) in _sections)
        {
            InFlightFormat.BeginSection(writer, operatorId, input, BytesOf(shape()), ways.Count);
            foreach (InFlightWay way in ways)
            {
                long start = output.Position;
                InFlightFormat.BeginPart(writer, way.Edge, way.Subtask, way.Subtasks, way.Records.Blocks);
                foreach (ReadOnlyMemory<byte> block in way.Records.ToBlocks())
                {
                    writer.WriteBytes(block.Span);
                    yield return output.Position;
                }

                _sizes.Add(new InFlightSize(
                    OperatorId.Parse(operatorId), input, way.Edge, way.Records.Records, output.Position - start));
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (InFlightWay way in _sections.SelectMany(static section => section.Ways))
        {
            way.Records.Dispose();
        }

        _sections.Clear();
    }

    private static byte[] BytesOf(TypeShape shape)
    {
        using RecordWriter writer = new();
        ShapeCodec.Write(writer, shape);
        return writer.WrittenSpan.ToArray();
    }
}

/// <summary>What is in flight on one way: see <see cref="InFlightPart"/>.</summary>
internal readonly record struct InFlightWay(string Edge, int Subtask, int Subtasks, InFlightRecords Records);
