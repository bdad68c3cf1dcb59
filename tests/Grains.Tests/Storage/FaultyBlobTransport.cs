using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Request = Azure.Core.Request;

namespace Millrace.Storage;

/// <summary>What may happen to one try of a request.</summary>
internal enum BlobFault
{
    None,

    /// <summary>The service answers that it is too busy.</summary>
    Throttled,

    /// <summary>The connection breaks before the service has read the request.</summary>
    Reset,

    /// <summary>The service does what it was asked for, and the connection breaks before its answer is here.</summary>
    AnswerLost,

    /// <summary>No answer ever comes.</summary>
    Hangs,

    /// <summary>The connection breaks in the middle of the answer.</summary>
    HalfAnswer,
}

/// <summary>The way to Azurite, with accidents on it.</summary>
internal sealed class FaultyBlobTransport : HttpPipelineTransport, IDisposable
{
    private readonly HttpClient _client = new();
    private readonly HttpClientTransport _way;
    private int _tries;
    private int _now;
    private int _most;

    public FaultyBlobTransport() => _way = new HttpClientTransport(_client);

    /// <summary>What happens to a try; of requests, by method and query.</summary>
    public Func<string, BlobFault> Accident { get; set; } = _ => BlobFault.None;

    /// <summary>Tries so far.</summary>
    public int Tries => _tries;

    /// <summary>Most requests that were under way at a time.</summary>
    public int MostAtOnce => _most;

    public override Request CreateRequest() => _way.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        Interlocked.Increment(ref _tries);
        int now = Interlocked.Increment(ref _now);
        InterlockedMax(ref _most, now);
        try
        {
            await ProcessAsync(message, Accident($"{message.Request.Method} {message.Request.Uri.Query}"));
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }

    public void Dispose() => _client.Dispose();

    private static void InterlockedMax(ref int most, int now)
    {
        for (int seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }
    }

    private async Task ProcessAsync(HttpMessage message, BlobFault fault)
    {
        switch (fault)
        {
            case BlobFault.Throttled:
                message.Response = new BusyResponse(message.Request.ClientRequestId);
                return;
            case BlobFault.Reset:
                throw new IOException("Connection reset by peer");
            case BlobFault.AnswerLost:
                await _way.ProcessAsync(message);
                message.Response.Dispose();
                throw new IOException("Connection reset by peer");
            case BlobFault.Hangs:
                await Task.Delay(Timeout.Infinite, message.CancellationToken);
                return;
            case BlobFault.HalfAnswer:
                await _way.ProcessAsync(message);
                if (message.Response.ContentStream is { } content)
                {
                    message.Response.ContentStream = new HalfStream(content);
                }

                return;
            default:
                await _way.ProcessAsync(message);
                return;
        }
    }

    /// <summary>Breaks after some bytes.</summary>
    private sealed class HalfStream(Stream whole) : PassedOnStream(whole)
    {
        private int _left = 1_000;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0)
            {
                throw new IOException("The response ended prematurely");
            }

            int read = await base.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }

    /// <summary>503, as the service throttles.</summary>
    private sealed class BusyResponse(string request) : Response
    {
        public override int Status => 503;

        public override string ReasonPhrase => "The server is busy.";

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = request;

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [new("x-ms-error-code", "ServerBusy")];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = string.Equals(name, "x-ms-error-code", StringComparison.OrdinalIgnoreCase) ? "ServerBusy" : null;
            return value is not null;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = TryGetHeader(name, out string? value) ? [value] : null;
            return values is not null;
        }
    }
}
