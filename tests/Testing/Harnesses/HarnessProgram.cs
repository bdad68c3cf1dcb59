using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;

namespace Millrace.Harnesses;

/// <summary>Finds the one operator of a small program.</summary>
internal static class HarnessProgram
{
    private const string JobName = "harness";

    /// <summary>The operator that makes a result out of the streams of a harness.</summary>
    /// <param name="environment">The program.</param>
    /// <param name="result">What the operator makes.</param>
    /// <param name="inputs">Number of streams that the harness gives; two operators each, which come first.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">A program could not be submitted so.</exception>
    /// <exception cref="ArgumentException">There is not one operator.</exception>
    public static StreamNode NodeOf(StreamExecutionEnvironment environment, Transformation result, int inputs)
    {
        JobCompiler.Compile(environment, JobName, defaultParallelism: 1);
        StreamNode[] nodes = [.. StreamGraph.Of(environment).Nodes.Skip(2 * inputs)];
        if (nodes is not [StreamNode only] || !ReferenceEquals(only.Transformation, result))
        {
            throw new ArgumentException(
                "A harness runs one operator, and gives its main output: this program has " +
                $"{nodes.Length} ({string.Join(", ", nodes.Select(node => $"'{node.Transformation.Name}'"))}), and " +
                $"its result is '{result.Name}'. Test operators one by one; side outputs are read with " +
                "SideOutput(...).");
        }

        // Each stream is two operators, and comes out of the second of them.
        bool inOrder = only.Inputs.Count == inputs
            && only.Inputs.TrueForAll(edge => edge.From.Index == (2 * edge.Input) + 1);
        return inOrder
            ? only
            : throw new ArgumentException(
                $"'{only.Transformation.Name}' does not take the harness's streams as its inputs in their order: the " +
                "first one of two is its first input, the second one its second.");
    }
}
