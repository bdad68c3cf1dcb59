using Azure.Core;
using Azure.Core.Pipeline;
using Request = Azure.Core.Request;

namespace Millrace.Storage;

/// <summary>The way to Azurite, with a count of what is fetched on it.</summary>
internal sealed class CountingBlobTransport : HttpPipelineTransport, IDisposable
{
    private readonly HttpClient _client = new();
    private readonly HttpClientTransport _way;
    private readonly Lock _gate = new();
    private long _now;

    public CountingBlobTransport() => _way = new HttpClientTransport(_client);

    /// <summary>Requests that fetched something.</summary>
    public int Gets { get; private set; }

    /// <summary>Bytes of the answers to them.</summary>
    public long BytesFetched { get; private set; }

    /// <summary>Most bytes of answers that were read at a time.</summary>
    public long MostBytesAtOnce { get; private set; }

    /// <summary>Counts anew.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            (Gets, BytesFetched, MostBytesAtOnce) = (0, 0, 0);
        }
    }

    public override Request CreateRequest() => _way.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        await _way.ProcessAsync(message);
        if (message.Request.Method != RequestMethod.Get || message.Response.ContentStream is not { } content)
        {
            return;
        }

        long length = message.Response.Headers.ContentLengthLong ?? 0;
        lock (_gate)
        {
            Gets++;
            BytesFetched += length;
            _now += length;
            MostBytesAtOnce = Math.Max(MostBytesAtOnce, _now);
        }

        message.Response.ContentStream = new CountedStream(content, () => Ended(length));
    }

    public void Dispose() => _client.Dispose();

    private void Ended(long length)
    {
        lock (_gate)
        {
            _now -= length;
        }
    }

    private sealed class CountedStream(Stream below, Action ended) : PassedOnStream(below)
    {
        private bool _hasEnded;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing && !_hasEnded)
            {
                _hasEnded = true;
                ended();
            }
        }
    }
}
