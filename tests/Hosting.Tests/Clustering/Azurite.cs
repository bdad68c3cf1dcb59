using Millrace.UserCode;

namespace Millrace.Clustering;

/// <summary>Azure Storage on this machine: the npm package of <c>tests/azurite</c>.</summary>
internal static class Azurite
{
    // Its only account and that account's key, which its documentation gives for everybody's use.
    private const string Account = "devstoreaccount1";
    private const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The program that serves tables.</summary>
    public static string TableProgram { get; } = Path.Combine(
        BuiltJobs.Repository, "tests", "azurite", "node_modules", ".bin", "azurite-table");

    public static string TableConnection(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"TableEndpoint=http://127.0.0.1:{port}/{Account};";
}
