using Microsoft.Extensions.Options;
using Millrace.Checkpointing.Storage;
using Millrace.Storage.Blobs;

namespace Millrace.Storage;

/// <summary>How a place for files may be written, and what is said to any other.</summary>
[TestClass]
public sealed class StorageLocationTests
{
    private const string Connection =
        "DefaultEndpointsProtocol=https;AccountName=mill;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";

    [TestMethod]
    [DataRow("/var/lib/millrace")]
    [DataRow("checkpoints")]
    [DataRow("a:b/checkpoints")]
    [DataRow("file:///var/lib/millrace")]
    [DataRow("file:///var/a%20b")]
    [DataRow("azblob://race/checkpoints")]
    [DataRow("azblob://race")]
    [DataRow("https://mill.blob.core.windows.net/race/checkpoints/")]
    [DataRow("https://mill.blob.core.windows.net/race")]
    public void A_place_that_can_be_one_is_taken(string location) => Assert.IsEmpty(Refusals(location));

    [TestMethod]
    [DataRow("", "is missing")]
    [DataRow("  ", "is missing")]
    [DataRow("ftp://somewhere/x", "'ftp://somewhere/x': its scheme is unknown")]
    [DataRow("http://mill.blob.core.windows.net/race", "its scheme is unknown")]
    [DataRow("file://share/x", "begins with file:///")]
    [DataRow("file:/var/x", "begins with file:///")]
    [DataRow("file:///var/x?y", "to be escaped")]
    [DataRow("azblob:race/x", "container is ''")]
    [DataRow("azblob:///x", "container is ''")]
    [DataRow("azblob://Race_1/x", "small letters, digits and hyphens")]
    [DataRow("azblob://r/x", "3 to 63")]
    [DataRow("https://mill.blob.core.windows.net", "container is ''")]
    [DataRow("https://mill.blob.core.windows.net/", "container is ''")]
    public void Any_other_is_refused_by_the_options_name_its_value_and_what_is_accepted(string location, string why)
    {
        string refusal = Refusals(location).Single();
        StringAssert.StartsWith(refusal, "Millrace:Checkpoints:Directory is ");
        StringAssert.Contains(refusal, location.Trim());
        StringAssert.Contains(refusal, why);
        string[] ways = ["a path", "file:///path", "azblob://container/path", "https://account.blob"];
        foreach (string accepted in ways)
        {
            StringAssert.Contains(refusal, accepted);
        }
    }

    // A signature in an address is a secret, and would be in every log.
    [TestMethod]
    public void Signatures_are_refused_and_not_repeated()
    {
        string refusal = Refusals("https://mill.blob.core.windows.net/race/x?sv=2024&sig=SECRET").Single();
        StringAssert.Contains(refusal, "neither keys nor signatures");
        Assert.IsFalse(refusal.Contains("SECRET", StringComparison.Ordinal), refusal);
    }

    [TestMethod]
    [DataRow(null, "needs Millrace:AzureStorage:ConnectionString; it is missing")]
    [DataRow("SECRET", "Millrace:AzureStorage:ConnectionString is no connection string")]
    [DataRow("AccountName=mill;AccountKey=SECRET*", "Millrace:AzureStorage:ConnectionString is no connection string")]
    public void An_account_that_cannot_be_reached_is_refused_without_its_secret(string? connection, string why)
    {
        string refusal = Refusals("azblob://race/x", connection).Single();
        StringAssert.Contains(refusal, why);
        StringAssert.Contains(refusal, "azblob://race/x");
        Assert.IsFalse(refusal.Contains("SECRET", StringComparison.Ordinal), refusal);
        Assert.IsEmpty(Refusals("/var/lib/millrace", connection));
    }

    [TestMethod]
    public void A_root_takes_names_behind_a_slash()
    {
        Assert.AreEqual("azblob://race/x", StorageLocation.RootOf("azblob://race/x//"));
        Assert.AreEqual("/var/a b", StorageLocation.RootOf("file:///var/a%20b/../a%20b"));
        Assert.AreEqual(Path.GetFullPath("checkpoints"), StorageLocation.RootOf("checkpoints"));
    }

    private static List<string> Refusals(string location, string? connection = Connection)
    {
        IOptions<AzureStorageOptions> azure = Options.Create(
            new AzureStorageOptions { ConnectionString = connection });
        ValidateOptionsResult result = new LocationCheck<CheckpointOptions>(
            CheckpointOptions.DirectoryKey, options => options.Directory, azure)
            .Validate(null, new CheckpointOptions { Directory = location });
        return [.. result.Failures ?? []];
    }
}
