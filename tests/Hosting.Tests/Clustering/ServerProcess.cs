using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Clustering.Endpoints;

namespace Millrace.Clustering;

/// <summary>A server of a test's own, on a free port of this machine; ends with the test.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts a server and waits until it listens. Leaves the test out when the program is missing.</summary>
    /// <param name="program">A command or a path.</param>
    /// <param name="arguments">What to start it with, by its port.</param>
    public static async Task<ServerProcess> StartAsync(string program, Func<string, string[]> arguments)
    {
        using var reservation = PortReservation.Take(IPAddress.Loopback);
        string port = reservation.Port.ToString(CultureInfo.InvariantCulture);
        try
        {
            Process process = Process.Start(
                new ProcessStartInfo(program, arguments(port)) { RedirectStandardOutput = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var server = new ServerProcess(process, reservation.Port);
            await server.AnswersAsync(program);
            return server;
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive($"{program} is not installed: tests/run installs it.");
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task AnswersAsync(string program)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!bound.IsCancellationRequested)
        {
            Assert.IsFalse(_process.HasExited, $"{program} ended");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port, bound.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20);
            }
        }

        Assert.Fail($"{program} does not listen on {Port}");
    }
}
