namespace Millrace.Simulation;

/// <summary>Continuations of awaited work become steps of the simulation.</summary>
internal sealed class SimulationContext(Action<Action> ready) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => ready(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
