using System.Collections.Immutable;
using Millrace.Failures;

namespace Millrace.Graph;

/// <summary>What must be the same wherever a program is defined: ids, kinds, types, state and partitioners.</summary>
internal static class GraphShape
{
    /// <summary>One line for each operator, in the order of definition.</summary>
    public static ImmutableArray<string> Of(StreamGraph graph) => [.. graph.Nodes.Select(Line)];

    /// <summary>Makes sure that a program defined here is the one that was submitted.</summary>
    /// <param name="here">The program as defined here.</param>
    /// <param name="submitted">The plan as the submitter fixed it.</param>
    /// <exception cref="InvalidProgramGraphException">They differ; the message names the first difference.</exception>
    public static void RequireSame(StreamGraph here, JobGraph submitted)
    {
        ImmutableArray<string> lines = Of(here);
        for (int i = 0; i < Math.Max(lines.Length, submitted.Shape.Length); i++)
        {
            string now = i < lines.Length ? lines[i] : "nothing";
            string then = i < submitted.Shape.Length ? submitted.Shape[i] : "nothing";
            if (now != then)
            {
                throw new InvalidProgramGraphException(
                    $"The program of job '{submitted.Name}' does not define the same graph here as where it was " +
                    "submitted. " +
                    $"First difference, operator {i + 1}: submitted {then}; here {now}. " +
                    "Define must be pure: what it needs from outside comes through its arguments.");
            }
        }
    }

    private static string Line(StreamNode node)
    {
        Transformation transformation = node.Transformation;
        IEnumerable<string> inputs = node.Inputs.Select(edge =>
            $"{(edge.Input == 0 ? "" : $"{edge.Input}:")}{edge.From.Id}" +
            $"{(edge.Side is null ? "" : $"#{edge.Side.TagId}")}" +
            $"/{edge.Partition?.EdgePartitioner?.ToString() ?? "natural"}");
        string types = string.Join(", ", transformation.RecordTypes.Select(type => type.ToString()));
        return $"{node.Id} {transformation.Kind} '{transformation.Name}' of [{types}] " +
            $"from [{string.Join(", ", inputs)}] keeping [{transformation.StateDescription ?? "nothing"}]" +
            (node.HasTimestamps ? " with timestamps" : "");
    }
}
