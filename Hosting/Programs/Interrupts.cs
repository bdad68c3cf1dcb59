using System.Runtime.InteropServices;

namespace Millrace.Programs;

/// <summary>Ctrl-C and termination: the first asks, the second insists, the third ends the process.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _first;
    private readonly CancellationTokenSource _second = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _lock = new();

    private Interrupts(CancellationToken cancellationToken) =>
        _first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Somebody wants an end.</summary>
    public CancellationToken First => _first.Token;

    /// <summary>Somebody wants it now.</summary>
    public CancellationToken Second => _second.Token;

    /// <summary>Listens to the signals of the process.</summary>
    /// <param name="cancellationToken">Counts as the first signal.</param>
    public static Interrupts OfProcess(CancellationToken cancellationToken)
    {
        var interrupts = new Interrupts(cancellationToken);
        interrupts.Register(PosixSignal.SIGINT);
        interrupts.Register(PosixSignal.SIGTERM);
        return interrupts;
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _first.Dispose();
        _second.Dispose();
    }

    private void Register(PosixSignal signal) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            lock (_lock)
            {
                context.Cancel = !_second.IsCancellationRequested;
                (_first.IsCancellationRequested ? _second : _first).Cancel();
            }
        }));
}
