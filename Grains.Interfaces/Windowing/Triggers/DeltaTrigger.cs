using Millrace.State;

namespace Millrace.Windowing.Triggers;

/// <summary>Fires when a record is further than a threshold from the one at which the window fired last; its first
/// record is where it begins.</summary>
public sealed class DeltaTrigger<T, TWindow> : Trigger<T, TWindow>
    where TWindow : struct, IWindow
{
    private static readonly ValueStateDescriptor<T> Last = new("trigger-last");

    private readonly double _threshold;
    private readonly Func<T, T, double> _deltaOf;

    /// <summary>The trigger.</summary>
    /// <param name="threshold">The distance beyond which it fires; a number.</param>
    /// <param name="deltaOf">Takes the record it fired at last and a new one, and returns their distance.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not a number: it would never fire.</exception>
    public DeltaTrigger(double threshold, Func<T, T, double> deltaOf)
    {
        if (double.IsNaN(threshold))
        {
            throw new ArgumentOutOfRangeException(
                nameof(threshold), threshold, "No distance is beyond it: a number is needed.");
        }

        ArgumentNullException.ThrowIfNull(deltaOf);
        _threshold = threshold;
        _deltaOf = deltaOf;
    }

    /// <inheritdoc/>
    public override string Description => $"fires beyond a distance of {_threshold}";

    /// <inheritdoc/>
    public override TriggerResult OnElement(T element, long timestamp, TWindow window, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IValueState<T> last = context.GetState(Last);
        if (!last.TryGet(out T? before))
        {
            last.Update(element);
            return TriggerResult.Continue;
        }

        if (!(_deltaOf(before, element) > _threshold))
        {
            return TriggerResult.Continue;
        }

        last.Update(element);
        return TriggerResult.Fire;
    }

    /// <inheritdoc/>
    public override void Clear(TWindow window, TriggerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.GetState(Last).Clear();
    }
}
