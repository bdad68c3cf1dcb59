using Millrace.Failures;
using Millrace.Graph;
using Millrace.State;

namespace Millrace.DataStream.Connected;

/// <summary>A stream of which every subtask of the next operator gets every record, with the states in which they keep
/// what it says. Connected with another stream, it goes into a function of both.</summary>
public sealed class BroadcastStream<T>
{
    internal BroadcastStream(
        StreamExecutionEnvironment environment, Transformation<T> input, IReadOnlyList<MapStateDescriptor> states)
    {
        Require(input.Name, states);
        Environment = environment;
        Transformation = new PartitionTransformation<T>(input, PartitionerKind.Broadcast);
        States = states;
    }

    internal StreamExecutionEnvironment Environment { get; }

    internal Transformation<T> Transformation { get; }

    internal IReadOnlyList<MapStateDescriptor> States { get; }

    private static void Require(string name, IReadOnlyList<MapStateDescriptor> states)
    {
        Dictionary<string, string> known = [];
        foreach (MapStateDescriptor state in states)
        {
            ArgumentNullException.ThrowIfNull(state, nameof(states));
            if (state.TimeToLive is not null)
            {
                throw new InvalidProgramGraphException(
                    $"Broadcast state {state} of '{name}' is to expire: its copies would not expire at the same " +
                    "record. Only state of a key expires; remove entries by a record of the broadcast stream.");
            }

            if (!known.TryAdd(state.Name, state.Description))
            {
                throw new InvalidProgramGraphException(
                    $"The broadcast of '{name}' declares two states of the name '{state.Name}': " +
                    $"{known[state.Name]}, and {state.Description}. Give one of them another name.");
            }
        }
    }
}
