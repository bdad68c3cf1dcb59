using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Clustering.Endpoints;

namespace Millrace.Running;

/// <summary>A server of a test's own, on a free port of this machine; ends with the test.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="program">A command or a path.</param>
    /// <param name="arguments">What to start it with, by its port.</param>
    /// <returns>Null when the program is not installed, which <c>tests/run</c> does.</returns>
    public static async Task<ServerProcess?> TryStartAsync(string program, Func<string, string[]> arguments)
    {
        using var reservation = PortReservation.Take(IPAddress.Loopback);
        string port = reservation.Port.ToString(CultureInfo.InvariantCulture);
        Process process;
        try
        {
            process = Process.Start(
                new ProcessStartInfo(program, arguments(port)) { RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            return null;
        }

        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var server = new ServerProcess(process, reservation.Port);
        try
        {
            await server.ListensAsync(program);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task ListensAsync(string program)
    {
        using var bound = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!bound.IsCancellationRequested)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{program} ended with code {_process.ExitCode}.");
            }

            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port, bound.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }

        throw new TimeoutException($"{program} did not listen on port {Port} within {Patience.TotalSeconds} s.");
    }
}
