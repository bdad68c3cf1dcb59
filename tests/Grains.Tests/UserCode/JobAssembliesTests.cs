using Millrace.UserCode.Packages;

namespace Millrace.UserCode;

/// <summary>What the build makes of a job project (examples/Directory.Build.targets).</summary>
[TestClass]
public sealed class JobAssembliesTests
{
    [TestMethod]
    [DataRow("OneJob")]
    [DataRow("TwoJobs")]
    [DataRow("NoJob")]
    [DataRow("OtherVersions")]
    public void A_job_assembly_names_no_Orleans_assembly_and_carries_no_generated_Orleans_code(string project)
    {
        AssemblyFacts facts = AssemblyFacts.Read(BuiltJobs.Assembly(project))!;

        Assert.IsFalse(facts.HasOrleansCode, "generated code");
        Assert.IsEmpty(
            facts.References.Where(reference => reference.Name!.StartsWith("Orleans", StringComparison.Ordinal)));
        Assert.IsTrue(
            facts.References.Any(reference => reference.Name == "Millrace.Grains.Interfaces"), "read something at all");
    }

    // The test above could not fail if this were not seen.
    [TestMethod]
    public void Generated_Orleans_code_is_seen_where_there_is_some()
    {
        AssemblyFacts facts = AssemblyFacts.Read(typeof(JobPrograms).Assembly.Location)!;

        Assert.IsTrue(facts.HasOrleansCode);
        Assert.IsFalse(facts.HasMain);
        Assert.AreEqual(".NETCoreApp,Version=v10.0", facts.Framework);
    }

    [TestMethod]
    public void A_Main_is_seen_without_loading_the_assembly()
    {
        Assert.IsTrue(AssemblyFacts.Read(BuiltJobs.Assembly("OneJob"))!.HasMain);
        Assert.IsFalse(AssemblyFacts.Read(BuiltJobs.Assembly("TwoJobs"))!.HasMain);
    }

    [TestMethod]
    public void A_file_that_is_no_assembly_is_told_apart()
    {
        Assert.IsNull(AssemblyFacts.Read(new MemoryStream("MZ is how an assembly begins, too"u8.ToArray())));
        Assert.IsNull(AssemblyFacts.Read(new MemoryStream()));
        string native = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libcoreclr.so");
        Assert.IsNull(AssemblyFacts.Read(File.Exists(native) ? native : BuiltJobs.Repository + "/Orleans.sln"));
    }
}
