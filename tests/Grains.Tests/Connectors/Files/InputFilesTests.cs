using Millrace.Connectors.Files.Reading;
using Millrace.Failures;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class InputFilesTests
{
    [TestMethod]
    public void A_directory_stands_for_its_files_at_any_depth_without_hidden_ones()
    {
        using TemporaryDirectory directory = new();
        Fill(
            directory,
            ["b.txt", "a.txt", "sub/c.txt", "sub/deep/d.txt",
            ".hidden", "_temporary", ".git/x", "_logs/y", "sub/.e", "sub/_f"]);
        Verify(directory, ".", "a.txt", "b.txt", "sub/c.txt", "sub/deep/d.txt");
    }

    [TestMethod]
    [DataRow("*.txt", "_c.txt,a.txt,b.txt")]
    [DataRow("?.txt", "a.txt,b.txt")]
    [DataRow("???.txt", "")]
    [DataRow("*", "_c.txt,a.txt,b.txt,sub/d.txt,sub/deep/a.txt,x.md")]
    [DataRow("**/*.txt", "_c.txt,a.txt,b.txt,sub/d.txt,sub/deep/a.txt")]
    [DataRow("**/a.txt", "a.txt,sub/deep/a.txt")]
    [DataRow("**/deep/*", "sub/deep/a.txt")]
    [DataRow("sub/**", "sub/d.txt,sub/deep/a.txt")]
    [DataRow("**", "_c.txt,a.txt,b.txt,sub/d.txt,sub/deep/a.txt,x.md")]
    [DataRow("s*/d*", "sub/d.txt,sub/deep/a.txt")]
    [DataRow("*/*/*.txt", "sub/deep/a.txt")]
    [DataRow("**/**/a.txt", "a.txt,sub/deep/a.txt")]
    [DataRow(".*", ".h.txt")]
    [DataRow("./sub/../[ab].txt", "")]
    public void A_pattern_stands_for_what_matches(string pattern, string expected)
    {
        using TemporaryDirectory directory = new();
        Fill(directory, "a.txt", "b.txt", "_c.txt", ".h.txt", "x.md", "sub/d.txt", "sub/deep/a.txt", "sub/.git/z.txt");
        string[] names = expected.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > 0)
        {
            Verify(directory, pattern, names);
            return;
        }

        Assert.ThrowsExactly<InputNotFoundException>(() => InputFiles.Find([pattern], directory.FullPath, default));
    }

    [TestMethod]
    public void A_path_that_exists_is_no_pattern()
    {
        using TemporaryDirectory directory = new();
        Fill(directory, "a*.txt", "ab.txt");
        Verify(directory, "a*.txt", "a*.txt");
    }

    [TestMethod]
    public void A_hidden_file_is_read_when_it_is_named()
    {
        using TemporaryDirectory directory = new();
        Fill(directory, ".env", "_x/y");
        Verify(directory, ".env", ".env");
        Verify(directory, "_x", "_x/y");
    }

    [TestMethod]
    public void A_file_that_is_named_twice_is_read_once()
    {
        using TemporaryDirectory directory = new();
        Fill(directory, "a.txt", "b.txt");
        IReadOnlyList<InputFile> files = InputFiles.Find(
            ["a.txt", "*.txt", directory.FullPath, $"file://{directory["a.txt"]}"], directory.FullPath, default);
        CollectionAssert.AreEqual(
            new[] { directory["a.txt"], directory["b.txt"] }, files.Select(file => file.Path).ToArray());
    }

    [TestMethod]
    [DataRow("missing.txt")]
    [DataRow("missing/*.txt")]
    [DataRow("*.csv")]
    [DataRow("a.txt/*")]
    public void Input_that_is_not_there_is_named(string path)
    {
        using TemporaryDirectory directory = new();
        Fill(directory, "a.txt");
        InputNotFoundException failure = Assert.ThrowsExactly<InputNotFoundException>(
            () => InputFiles.Find(["a.txt", path], directory.FullPath, default));
        Assert.AreEqual(path, failure.Path);
        Assert.Contains(path, failure.Message);
        Assert.Contains(directory.FullPath, failure.Message);
        Assert.AreEqual(Recovery.Fail, failure.Recovery);
    }

    [TestMethod]
    public void An_empty_directory_is_an_empty_input()
    {
        using TemporaryDirectory directory = new();
        Verify(directory, ".");
    }

    // A directory that links to one above it would make a walk endless; a link to a file is the file.
    [TestMethod]
    public void Links_are_followed_where_they_cannot_run_in_circles()
    {
        using TemporaryDirectory directory = new();
        directory.Write("real/data.txt", "12345");
        Fill(directory, "tree/a.txt");
        File.CreateSymbolicLink(directory["tree/file.txt"], directory["real/data.txt"]);
        File.CreateSymbolicLink(directory["tree/broken.txt"], directory["real/none.txt"]);
        Directory.CreateSymbolicLink(directory["tree/loop"], directory["tree"]);
        Directory.CreateSymbolicLink(directory["entry"], directory["tree"]);

        Verify(directory, "tree", "tree/a.txt", "tree/file.txt");
        Verify(directory, "entry", "entry/a.txt", "entry/file.txt");
        Verify(directory, "tree/**/*.txt", "tree/a.txt", "tree/file.txt");
        Assert.AreEqual(5, InputFiles.Find(["tree/file.txt"], directory.FullPath, default).Single().Length);
    }

    private static void Fill(TemporaryDirectory directory, params string[] names)
    {
        foreach (string name in names)
        {
            directory.Write(name, "x");
        }
    }

    private static void Verify(TemporaryDirectory directory, string path, params string[] expected)
    {
        string[] found = [.. InputFiles.Find([path], directory.FullPath, CancellationToken.None)
            .Select(file => Path.GetRelativePath(directory.FullPath, file.Path))];
        CollectionAssert.AreEqual(expected, found, $"'{path}' found {string.Join(',', found)}");
    }
}
