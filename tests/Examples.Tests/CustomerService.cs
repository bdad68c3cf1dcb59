using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Millrace.Examples;

/// <summary>A service on this machine that knows where customers live. It answers the first few questions together, and
/// is too busy for some at their first time.</summary>
internal sealed class CustomerService : IAsyncDisposable
{
    /// <summary>As many questions must be there at a time before any is answered.</summary>
    public const int Together = 10;

    private const int MostPortsTried = 50;

    private readonly HttpListener _listener;
    private readonly TaskCompletionSource _allThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, int> _questions = [];
    private readonly ConcurrentBag<Task> _answers = [];
    private readonly Task _running;
    private int _there;

    public CustomerService()
    {
        (_listener, Address) = Listen();
        _running = RunAsync();
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>How often it was asked for each customer.</summary>
    public IReadOnlyDictionary<string, int> Questions => _questions;

    /// <summary>Where a customer lives; <c>unknown</c> for those it does not know.</summary>
    public static string CountryOf(string customer) => customer.Length % 4 == 0 ? "unknown" : $"land of {customer}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
        await Task.WhenAll(_answers);
        _listener.Close();
    }

    // A port that was free a moment ago may have been taken by somebody else.
    private static (HttpListener Listener, Uri Address) Listen()
    {
        for (int tried = 1; ; tried++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            int port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var listener = new HttpListener();
            var address = new Uri($"http://127.0.0.1:{port}/");
            listener.Prefixes.Add(address.ToString());
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (tried < MostPortsTried)
            {
                listener.Close();
            }
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext question;
            try
            {
                question = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _answers.Add(AnswerAsync(question));
        }
    }

    private async Task AnswerAsync(HttpListenerContext question)
    {
        if (Interlocked.Increment(ref _there) == Together)
        {
            _allThere.SetResult();
        }

        await _allThere.Task;
        string customer = Uri.UnescapeDataString(question.Request.Url!.Segments[^2].TrimEnd('/'));
        int times = _questions.AddOrUpdate(customer, 1, (_, before) => before + 1);
        string country = CountryOf(customer);
        question.Response.StatusCode = customer.StartsWith('b') && times == 1
            ? (int)HttpStatusCode.ServiceUnavailable
            : (int)(country == "unknown" ? HttpStatusCode.NotFound : HttpStatusCode.OK);
        await question.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(country));
        question.Response.Close();
    }
}
