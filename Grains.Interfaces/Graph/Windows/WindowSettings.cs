using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Windowing;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.Graph.Windows;

/// <summary>Into which windows records go, when these fire and how long they stay.</summary>
/// <param name="Assigner">Says which windows a record belongs to.</param>
/// <param name="Trigger">When they fire; null for the assigner's own.</param>
/// <param name="Evictor">What is left out of a result; null for nothing.</param>
/// <param name="Lateness">How long a window stays behind its end, in milliseconds of event time.</param>
/// <param name="LateTag">Where late records go; null for nowhere.</param>
internal sealed record WindowSettings<T, TWindow>(
    WindowAssigner<T, TWindow> Assigner,
    Trigger<T, TWindow>? Trigger = null,
    Evictor<T>? Evictor = null,
    long Lateness = 0,
    OutputTag<T>? LateTag = null)
    where TWindow : struct, IWindow
{
    /// <summary>When windows fire.</summary>
    public Trigger<T, TWindow> FiringTrigger => Trigger ?? new TimedTrigger<T, TWindow>(Assigner.DefaultTrigger);

    /// <summary>Whether windows fire once, when their time is over, and are gone then.</summary>
    public bool FiresOnce => Trigger is null && Evictor is null && Lateness == 0;

    /// <summary>The side output of late records, if there is one.</summary>
    public IEnumerable<(string Id, Type Type)> SideOutputs => LateTag is null ? [] : [LateTag.Typed];

    /// <summary>All of it, for the graph's fingerprint.</summary>
    public string Description =>
        $"{Assigner.Description}, {FiringTrigger.Description}, {Evictor?.Description ?? "no evictor"}, " +
        $"{Lateness} ms late";

    /// <summary>Refuses what cannot work.</summary>
    /// <param name="node">The operator, with its inputs.</param>
    /// <exception cref="InvalidProgramGraphException">It cannot work.</exception>
    public void Require(StreamNode node)
    {
        string name = node.Transformation.Name;
        if (Assigner.IsEventTime && node.Inputs.Find(edge => !edge.From.HasTimestamps) is { } edge)
        {
            throw new InvalidProgramGraphException(
                $"'{name}' puts records into windows by their timestamps ({Assigner.Description}), and those from " +
                $"'{edge.From.Transformation.Name}' have none: give them some with " +
                "AssignTimestampsAndWatermarks(...) or FromSource(source, strategy), or use windows by processing " +
                "time.");
        }

        if (Assigner.IsMerging && !FiringTrigger.CanMerge)
        {
            throw new InvalidProgramGraphException(
                $"'{name}' has windows that become one ({Assigner.Description}), and a trigger that cannot follow " +
                $"({FiringTrigger.Description}): its CanMerge must be true.");
        }

        if (Assigner.DefaultTrigger is NeverTrigger && Trigger is null)
        {
            throw new InvalidProgramGraphException(
                $"'{name}' has windows that never end ({Assigner.Description}) and no trigger: they would never " +
                "fire. Give them one with Trigger(...), such as CountTrigger.Of(100).");
        }

        if (Lateness > 0 && !Assigner.IsEventTime)
        {
            throw new InvalidProgramGraphException(
                $"'{name}' allows {Lateness} ms of lateness for windows that do not follow timestamps " +
                $"({Assigner.Description}): nothing is late there.");
        }
    }
}
