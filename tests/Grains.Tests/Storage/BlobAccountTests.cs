using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Millrace.Execution;
using Millrace.Storage.Blobs;
using Request = Azure.Core.Request;

namespace Millrace.Storage;

/// <summary>Which account an address leads to, and as whom we come there.</summary>
[TestClass]
public sealed class BlobAccountTests
{
    // There is no Azure here: the request that would go there is looked at.
    [TestMethod]
    public async Task An_address_with_an_account_is_reached_there_with_a_token_of_our_identity()
    {
        using RecordingTransport transport = new();
        AzureStorageOptions options = new() { MaxRetries = 0 };
        FixedCredential identity = new();
        BlobAccounts accounts = new(options, client => client.Transport = transport, identity);
        using BlobRequests requests = new(accounts, options);

        await Assert.ThrowsExactlyAsync<IOException>(() => requests.ReadAsync(
            "https://mill.blob.core.windows.net/race/a%20place/x.state",
            0,
            new byte[10],
            tag: null,
            CancellationToken.None));

        (string uri, string? authorization) = transport.Requests.Single();
        Assert.AreEqual("https://mill.blob.core.windows.net/race/a%20place/x.state", uri);
        Assert.AreEqual("Bearer token-1", authorization);
        Assert.AreEqual("https://storage.azure.com/.default", identity.Scope);
    }

    [TestMethod]
    public async Task Without_a_connection_string_its_addresses_are_refused_by_the_options_name()
    {
        using SystemExecution execution = new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);
        using AzureBlobFileSystem blobs = new(new AzureStorageOptions(), execution);
        IOException refused = await Assert.ThrowsExactlyAsync<IOException>(
            () => blobs.ReadAsync("azblob://race/x.state", CancellationToken.None));
        StringAssert.Contains(refused.Message, "Millrace:AzureStorage:ConnectionString is missing");
    }

    /// <summary>Notes where requests go, and lets none through.</summary>
    private sealed class RecordingTransport : HttpPipelineTransport, IDisposable
    {
        private readonly HttpClient _client = new();

        public ConcurrentQueue<(string Uri, string? Authorization)> Requests { get; } = [];

        public override Request CreateRequest() => new HttpClientTransport(_client).CreateRequest();

        public override void Process(HttpMessage message) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message)
        {
            message.Request.Headers.TryGetValue("Authorization", out string? authorization);
            Requests.Enqueue((message.Request.Uri.ToUri().AbsoluteUri, authorization));
            throw new IOException("no way through");
        }

        public void Dispose() => _client.Dispose();
    }

    private sealed class FixedCredential : TokenCredential
    {
        public string? Scope { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scope = requestContext.Scopes.Single();
            return new AccessToken("token-1", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
