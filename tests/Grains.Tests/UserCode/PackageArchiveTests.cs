using System.IO.Compression;
using Millrace.Jobs;
using Millrace.UserCode.Packages;

namespace Millrace.UserCode;

[TestClass]
public sealed class PackageArchiveTests
{
    private static readonly UserCodeOptions Options = new() { MaxFiles = 3, MaxUnpackedBytes = 1_024 };

    [TestMethod]
    [DataRow("../evil.dll")]
    [DataRow("a/../../evil.dll")]
    [DataRow("/etc/evil")]
    [DataRow("a//b")]
    [DataRow("./a")]
    [DataRow("a\\..\\..\\evil.dll")]
    [DataRow("C:/evil.dll")]
    [DataRow("a\0b")]
    public void A_name_that_could_leave_the_folder_is_refused(string name)
    {
        InvalidPackageException error = Refused(Zip((name, "x")));
        StringAssert.Contains(error.Message, $"'{name}'");
    }

    [TestMethod]
    public void A_name_listed_twice_is_refused() =>
        StringAssert.Contains(Refused(Zip(("a", "x"), ("a", "y"))).Message, "'a' twice");

    [TestMethod]
    public void Too_many_files_or_bytes_are_refused_with_the_bound()
    {
        StringAssert.Contains(Refused(Zip(("a", ""), ("b", ""), ("c", ""), ("d", ""))).Message, "at most 3");
        StringAssert.Contains(Refused(Zip(("a", new string('x', 1_025)))).Message, "1024 bytes");
        string half = new('x', 513);
        StringAssert.Contains(Refused(Zip(("a", half), ("b", half))).Message, "1024 bytes");
        using PackageArchive most = PackageArchive.Open(Zip(("a", half[1..]), ("b", half[1..]), ("c", "")), Options);
        Assert.AreEqual(3, most.FileNames.Count());
    }

    // A bomb: the list says one byte, the content inflates to many.
    [TestMethod]
    public void Never_more_is_read_than_listed_and_less_is_refused()
    {
        byte[] zip = Zip(("a", new string('x', 900))).ToArray();
        using PackageArchive intact = PackageArchive.Open(new MemoryStream(zip), Options);
        PackageId id = intact.ComputeId(CancellationToken.None);
        foreach (int listed in new[] { 1, 899, 901 })
        {
            byte[] forged = [.. zip];
            int directory = forged.AsSpan().IndexOf("PK\u0001\u0002"u8);
            BitConverter.TryWriteBytes(forged.AsSpan(directory + 24), listed);
            using PackageArchive archive = PackageArchive.Open(new MemoryStream(forged), Options);
            using var folder = new TemporaryFolder();
            try
            {
                Assert.AreNotEqual(id, archive.ComputeId(CancellationToken.None), $"listed with {listed} bytes");
                archive.ExtractTo(folder.Path, CancellationToken.None);
                Assert.AreEqual(listed, (int)new FileInfo(folder.Combine("a")).Length);
            }
            catch (InvalidPackageException error)
            {
                StringAssert.Contains(error.Message, "'a'", $"listed with {listed} bytes");
            }
        }
    }

    [TestMethod]
    public void Whatever_bit_of_the_archive_flips_the_id_is_another_or_it_does_not_read()
    {
        byte[] zip = Zip(("a", "some content"), ("b/c", "more content")).ToArray();
        using PackageArchive intact = PackageArchive.Open(new MemoryStream(zip), Options);
        PackageId id = intact.ComputeId(CancellationToken.None);
        int differing = 0;
        for (int position = 0; position < zip.Length; position++)
        {
            byte[] damaged = [.. zip];
            damaged[position] ^= 0x10;
            try
            {
                using PackageArchive archive = PackageArchive.Open(new MemoryStream(damaged), Options);
                PackageId found = archive.ComputeId(CancellationToken.None);

                // Bits that mean nothing to the content (times, versions) may flip: then it is the same package.
                CollectionAssert.AreEqual(
                    found == id ? new[] { "a", "b/c" } : archive.FileNames.ToArray(), archive.FileNames.ToArray());
                differing += found == id ? 0 : 1;
            }
            catch (InvalidPackageException)
            {
                differing++;
            }
        }

        Assert.IsGreaterThan(zip.Length / 4, differing);
    }

    [TestMethod]
    public void What_is_no_zip_or_has_no_manifest_is_refused()
    {
        Refused(new MemoryStream());
        Refused(new MemoryStream("no zip at all"u8.ToArray()));
        using PackageArchive archive = PackageArchive.Open(Zip(("a", "x")), Options);
        InvalidPackageException error = Assert.ThrowsExactly<InvalidPackageException>(() => archive.ReadManifest());
        StringAssert.Contains(error.Message, "millrace-package.json");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("[1]")]
    [DataRow("""{"formatVersion":1,"mainAssembly":"../x"}""")]
    [DataRow("""{"formatVersion":1,"mainAssembly":""}""")]
    public void A_manifest_that_does_not_read_is_refused(string json)
    {
        using PackageArchive archive = PackageArchive.Open(Zip((JobPackageManifest.FileName, json)), Options);
        Assert.ThrowsExactly<InvalidPackageException>(() => archive.ReadManifest());
    }

    [TestMethod]
    public void Folders_that_a_zip_lists_are_no_part_of_the_package()
    {
        using PackageArchive plain = PackageArchive.Open(Zip(("a/b", "x")), Options);
        using PackageArchive listed = PackageArchive.Open(Zip(("a/", ""), ("a/b", "x")), Options);
        Assert.AreEqual(plain.ComputeId(CancellationToken.None), listed.ComputeId(CancellationToken.None));
    }

    private static InvalidPackageException Refused(Stream zip) =>
        Assert.ThrowsExactly<InvalidPackageException>(() => PackageArchive.Open(zip, Options));

    private static MemoryStream Zip(params (string Name, string Content)[] files)
    {
        var zip = new MemoryStream();
        using (var writer = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string content) in files)
            {
                using var text = new StreamWriter(writer.CreateEntry(name).Open());
                text.Write(content);
            }
        }

        return zip;
    }
}
