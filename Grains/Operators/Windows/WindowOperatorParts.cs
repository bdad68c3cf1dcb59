using Millrace.Batches;
using Millrace.Operators.Outputs;
using Millrace.State;

namespace Millrace.Operators.Windows;

/// <summary>What an operator of windows is made from.</summary>
/// <param name="State">Keyed state.</param>
/// <param name="Loop">The loop it belongs to.</param>
/// <param name="Clock">Of the loop's rounds.</param>
/// <param name="Output">Takes the results.</param>
/// <param name="Sides">Take what is emitted beside them.</param>
internal sealed record WindowOperatorParts<TKey, TOut>(
    KeyedStateBackend<TKey> State, ISubtaskLoop Loop, RoundClock Clock, Output<TOut> Output, SideOutputs Sides);
