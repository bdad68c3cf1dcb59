using Millrace.Repository;

namespace Millrace.Tests;

[TestClass]
public sealed class TestsAreRunTests
{
    private readonly TestsAreRun _rule = new();

    [TestMethod]
    public void The_repository_runs_its_tests()
    {
        Gate.VerifyClean(_rule.Check(SourceTree.Repository));
        Assert.IsNotEmpty(TestMethods.In(SourceTree.Repository), "The rule saw no test at all.");
    }

    [TestMethod]
    [DataRow("public class A { [TestMethod] public void T() { } }", "no [TestClass]")]
    [DataRow("[TestClass] class A { [TestMethod] public void T() { } }", "not public")]
    [DataRow("[TestClass] public class A { [TestMethod] void T() { } }", "a test is public")]
    [DataRow("[TestClass] public class A { [TestMethod] public static void T() { } }", "no static")]
    [DataRow("[TestClass] public class A { [TestMethod] public async void T() { } }", "returns Task")]
    [DataRow("[TestClass] public class A { [TestMethod, Ignore] public void T() { } }", "ignored without an issue")]
    [DataRow("[TestClass, Ignore(\"x\")] public class A { [TestMethod] public void T() { } }", "without an issue")]
    [DataRow("public class A { [Some.DataTestMethodAttribute] public void T() { } }", "no [TestClass]")]
    public void A_test_that_never_runs_is_found(string code, string part) =>
        Gate.VerifyOne(part, _rule.Check(SourceTree.Of("tests/X/A.cs", code)));

    [TestMethod]
    [DataRow("[TestClass] public sealed class A { [TestMethod] public void T() { } }")]
    [DataRow("[TestClass] public sealed class A { [TestMethod] public async Task T() { } }")]
    [DataRow("public abstract class Contract { [TestMethod] public void T() { } }")]
    [DataRow("[TestClass] public class A { [TestMethod, Ignore(\"#12: slow\")] public void T() { } }")]
    public void A_test_that_runs_passes(string code) =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of("tests/X/A.cs", code)));
}
