using Millrace.UserCode;

namespace Millrace.Running;

/// <summary>Azure Storage on this machine: a server of the npm package of <c>tests/azurite</c>; ends with the
/// test.</summary>
internal sealed class Azurite : IDisposable
{
    // Its only account and that account's key, which its documentation gives for everybody's use.
    private const string Account = "devstoreaccount1";
    private const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ServerProcess _server;

    private Azurite(ServerProcess server, string service)
    {
        _server = server;
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
            + $"{service}=http://127.0.0.1:{server.Port}/{Account};";
    }

    /// <summary>Why a test is left out that got no server.</summary>
    public static string Missing => $"'{Program("azurite")}' is not installed: tests/run installs it.";

    /// <summary>How it is reached.</summary>
    public string ConnectionString { get; }

    /// <summary>Serves blobs from memory.</summary>
    /// <returns>Null when it is not installed.</returns>
    public static async Task<Azurite?> TryStartBlobsAsync()
    {
        ServerProcess? server = await ServerProcess.TryStartAsync(
            Program("azurite-blob"),
            port =>
            [
                "--blobHost", "127.0.0.1", "--blobPort", port,
                "--silent", "--inMemoryPersistence", "--skipApiVersionCheck",
            ]);
        return server is null ? null : new Azurite(server, "BlobEndpoint");
    }

    /// <summary>Serves tables from memory.</summary>
    /// <returns>Null when it is not installed.</returns>
    public static async Task<Azurite?> TryStartTablesAsync()
    {
        ServerProcess? server = await ServerProcess.TryStartAsync(
            Program("azurite-table"),
            port => ["--tableHost", "127.0.0.1", "--tablePort", port, "--silent", "--inMemoryPersistence"]);
        return server is null ? null : new Azurite(server, "TableEndpoint");
    }

    public void Dispose() => _server.Dispose();

    private static string Program(string name) =>
        Path.Combine(BuiltJobs.Repository, "tests", "azurite", "node_modules", ".bin", name);
}
