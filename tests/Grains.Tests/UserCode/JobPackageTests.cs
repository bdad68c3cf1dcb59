using System.IO.Compression;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.UserCode.Packages;

namespace Millrace.UserCode;

[TestClass]
public sealed class JobPackageTests
{
    private static readonly UserCodeOptions Options = new();

    [TestMethod]
    public void A_package_has_the_job_and_its_data_and_nothing_that_every_silo_has()
    {
        JobPackage package = JobPackage.OfFolder(BuiltJobs.Folder("OneJob"), null, Options);

        CollectionAssert.AreEqual(
            new[]
            {
                "OneJob.deps.json", "OneJob.dll", "OneJob.pdb", "OneJob.runtimeconfig.json", "data/words.txt",
                "millrace-package.json",
            },
            package.FileNames.ToArray());
        Assert.IsTrue(package.MainAssembly.HasMain);
        Assert.AreEqual(BuiltJobs.Assembly("OneJob"), package.MainAssemblyPath);
    }

    [TestMethod]
    public void A_library_that_only_the_job_needs_goes_along()
    {
        JobPackage package = JobPackage.OfFolder(BuiltJobs.Folder("OtherVersions"), null, Options);

        CollectionAssert.IsSubsetOf(new[] { "Shelf.dll", "Shelf.pdb" }, package.FileNames.ToArray());
    }

    [TestMethod]
    public void The_manifest_says_what_the_package_was_built_against()
    {
        JobPackageManifest manifest = JobPackage.OfFolder(BuiltJobs.Folder("TwoJobs"), null, Options).Manifest;

        Assert.AreEqual(1, manifest.FormatVersion);
        Assert.AreEqual("TwoJobs", manifest.MainAssembly);
        Assert.AreEqual(typeof(IStreamJob).Assembly.GetName().Version!.ToString(), manifest.InterfacesVersion);
        Assert.AreEqual(".NETCoreApp,Version=v10.0", manifest.Framework);
    }

    [TestMethod]
    public void Packing_twice_gives_the_same_bytes_and_the_archive_hashes_to_the_id()
    {
        JobPackage package = JobPackage.OfFolder(BuiltJobs.Folder("OneJob"), null, Options);
        var first = new MemoryStream();
        var second = new MemoryStream();
        package.WriteTo(first);
        JobPackage.OfFolder(BuiltJobs.Folder("OneJob"), "OneJob", Options).WriteTo(second);

        CollectionAssert.AreEqual(first.ToArray(), second.ToArray());
        using PackageArchive archive = PackageArchive.Open(first, Options);
        Assert.AreEqual(package.Id, archive.ComputeId(CancellationToken.None));
        Assert.AreEqual(package.Manifest, archive.ReadManifest());
        using Stream file = package.ToTemporaryFile();
        Assert.AreEqual(first.Length, file.Length);
    }

    [TestMethod]
    public void The_id_depends_on_names_and_contents_and_on_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.Copy(BuiltJobs.Folder("OneJob"), "copy");
        PackageId id = JobPackage.OfFolder(BuiltJobs.Folder("OneJob"), null, Options).Id;
        File.SetLastWriteTimeUtc(Path.Combine(copy, "OneJob.dll"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        File.WriteAllText(Path.Combine(copy, "OneJob.xml"), "documentation is left out");
        Assert.AreEqual(id, JobPackage.OfFolder(copy, null, Options).Id, "time, place and documentation");

        string words = Path.Combine(copy, "data", "words.txt");
        byte[] content = File.ReadAllBytes(words);
        content[0] ^= 1;
        File.WriteAllBytes(words, content);
        PackageId changed = JobPackage.OfFolder(copy, null, Options).Id;
        Assert.AreNotEqual(id, changed, "one bit");

        content[0] ^= 1;
        File.WriteAllBytes(Path.Combine(copy, "data", "word.txt"), content);
        File.Delete(words);
        Assert.AreNotEqual(id, JobPackage.OfFolder(copy, null, Options).Id, "a name");
    }

    // Without lengths before names and contents these two would hash alike.
    [TestMethod]
    public void A_byte_that_moves_from_one_file_to_the_next_changes_the_id()
    {
        Assert.AreNotEqual(IdOf(("a", "xy"), ("b", "z")), IdOf(("a", "x"), ("b", "yz")));
        Assert.AreNotEqual(IdOf(("a", "b"), ("c", "")), IdOf(("a", ""), ("bc", "")));
    }

    [TestMethod]
    public void Data_that_happens_to_be_xml_stays_and_other_outputs_below_are_left_out()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.Copy(BuiltJobs.Folder("OneJob"), "copy");
        File.WriteAllText(Path.Combine(copy, "data", "rules.xml"), "<rules/>");
        File.WriteAllText(Path.Combine(copy, "OneJob"), "the starter");
        folder.Copy(BuiltJobs.Folder("OneJob"), "copy/publish");
        Directory.CreateDirectory(Path.Combine(copy, "ref"));
        File.Copy(BuiltJobs.Assembly("OneJob"), Path.Combine(copy, "ref", "OneJob.dll"));

        string[] names = [.. JobPackage.OfFolder(copy, null, Options).FileNames];

        CollectionAssert.Contains(names, "data/rules.xml");
        Assert.IsEmpty(names.Where(name => name.StartsWith("publish/", StringComparison.Ordinal)));
        Assert.IsEmpty(names.Where(name => name.StartsWith("ref/", StringComparison.Ordinal)));
        CollectionAssert.DoesNotContain(names, "OneJob");
    }

    // Code may use what came in with Millrace: then the job brings it, in the version it was built against.
    [TestMethod]
    public void A_library_that_came_with_a_shared_one_goes_along_when_the_job_names_it()
    {
        string[] names = [.. JobPackage.OfFolder(BuiltJobs.Folder("OtherVersions"), null, Options).FileNames];

        CollectionAssert.Contains(names, "Newtonsoft.Json.dll");
        CollectionAssert.DoesNotContain(names, "Microsoft.CodeAnalysis.dll");
        string came = Path.Combine(BuiltJobs.Folder("OneJob"), "Newtonsoft.Json.dll");
        Assert.IsTrue(File.Exists(came), "it came with Orleans");
    }

    [TestMethod]
    public void Without_deps_json_everything_but_the_shared_assemblies_goes_along()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.Copy(BuiltJobs.Folder("OneJob"), "copy");
        File.Delete(Path.Combine(copy, "OneJob.deps.json"));

        string[] names = [.. JobPackage.OfFolder(copy, null, Options).FileNames];

        CollectionAssert.Contains(names, "Newtonsoft.Json.dll");
        Assert.IsEmpty(names.Where(name => name.StartsWith("Millrace.", StringComparison.Ordinal)));
        Assert.IsEmpty(names.Where(name => name.StartsWith("Orleans.", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_folder_without_a_program_or_with_several_is_refused_saying_what_was_looked_for()
    {
        using var folder = new TemporaryFolder();
        InvalidPackageException none = Refused(() => JobPackage.OfFolder(folder.Path, null, Options));
        StringAssert.Contains(none.Message, "*.runtimeconfig.json");
        StringAssert.Contains(none.Message, folder.Path);

        string copy = folder.Copy(BuiltJobs.Folder("OneJob"), "copy");
        File.WriteAllText(Path.Combine(copy, "Other.runtimeconfig.json"), "{}");
        StringAssert.Contains(
            Refused(() => JobPackage.OfFolder(copy, null, Options)).Message,
            "OneJob.runtimeconfig.json, Other.runtimeconfig.json");
        Assert.AreEqual("OneJob", JobPackage.OfFolder(copy, "OneJob", Options).Manifest.MainAssembly);
        StringAssert.Contains(Refused(() => JobPackage.OfFolder(copy, "Other", Options)).Message, "'Other.dll'");
        StringAssert.Contains(
            Refused(() => JobPackage.OfFolder(folder.Combine("nowhere"), null, Options)).Message, "does not exist");

        File.WriteAllText(Path.Combine(copy, "Other.dll"), "no assembly");
        StringAssert.Contains(Refused(() => JobPackage.OfFolder(copy, "Other", Options)).Message, "no .NET assembly");
    }

    [TestMethod]
    public void A_folder_with_too_many_files_or_bytes_is_refused_naming_the_option()
    {
        string folder = BuiltJobs.Folder("OneJob");
        StringAssert.Contains(
            Refused(() => JobPackage.OfFolder(folder, null, new UserCodeOptions { MaxFiles = 3 })).Message, "MaxFiles");
        StringAssert.Contains(
            Refused(() => JobPackage.OfFolder(folder, null, new UserCodeOptions { MaxUnpackedBytes = 1_024 })).Message,
            "MaxUnpackedBytes");
    }

    private static InvalidPackageException Refused(Action action) =>
        Assert.ThrowsExactly<InvalidPackageException>(action);

    private static PackageId IdOf(params (string Name, string Content)[] files)
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

        using PackageArchive archive = PackageArchive.Open(zip, Options);
        return archive.ComputeId(CancellationToken.None);
    }
}
