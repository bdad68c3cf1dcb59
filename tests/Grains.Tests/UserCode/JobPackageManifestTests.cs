using Millrace.Jobs;
using Millrace.UserCode.Packages;

namespace Millrace.UserCode;

[TestClass]
public sealed class JobPackageManifestTests
{
    [TestMethod]
    // Below 1.0 any other minor number may break.
    [DataRow("0.1.0.0", "0.1.0.0", true)]
    [DataRow("0.1.9.0", "0.1.0.0", true)]
    [DataRow("0.2.0.0", "0.1.0.0", false)]
    [DataRow("0.1.0.0", "0.2.0.0", false)]
    [DataRow("1.1.0.0", "0.1.0.0", false)]
    // From then on an older one is served.
    [DataRow("1.0.0.0", "1.4.0.0", true)]
    [DataRow("1.4.7.0", "1.4.0.0", true)]
    [DataRow("1.5.0.0", "1.4.0.0", false)]
    [DataRow("0.4.0.0", "1.4.0.0", false)]
    [DataRow("2.0.0.0", "1.4.0.0", false)]
    [DataRow("nonsense", "1.4.0.0", false)]
    public void A_package_is_served_by_rule_and_refused_by_name_and_version(string built, string own, bool isServed)
    {
        var manifest = new JobPackageManifest(1, "WordCount", built, ".NETCoreApp,Version=v10.0");
        if (isServed)
        {
            manifest.EnsureServed(default, Version.Parse(own));
            return;
        }

        PackageNotServedException error = Assert.ThrowsExactly<PackageNotServedException>(
            () => manifest.EnsureServed(default, Version.Parse(own)));
        StringAssert.Contains(error.Message, "WordCount");
        StringAssert.Contains(error.Message, $"Millrace.Grains.Interfaces {built}");
        StringAssert.Contains(error.Message, own);
    }

    [TestMethod]
    public void Another_format_or_a_newer_framework_is_refused()
    {
        Version own = JobPackageManifest.OwnInterfacesVersion;
        StringAssert.Contains(Refused(new JobPackageManifest(2, "A", null, null)).Message, "format 2");
        StringAssert.Contains(
            Refused(new JobPackageManifest(1, "A", null, ".NETCoreApp,Version=v99.0")).Message, "v99.0");
        new JobPackageManifest(1, "A", null, ".NETStandard,Version=v2.0").EnsureServed(default, own);
        new JobPackageManifest(1, "A", null, null).EnsureServed(default, own);

        PackageNotServedException Refused(JobPackageManifest manifest) =>
            Assert.ThrowsExactly<PackageNotServedException>(() => manifest.EnsureServed(default, own));
    }
}
