using Millrace.Repository;

namespace Millrace.Tests;

[TestClass]
public sealed class TestsAssertTests
{
    private readonly TestsAssert _rule = new();

    [TestMethod]
    public void The_repository_asserts_in_every_test() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("public void T() { }")]
    [DataRow("public void T() { Run(); }")]
    [DataRow("public void T() => Console.WriteLine(\"Assert.AreEqual(1, 2)\");")]
    [DataRow("public void T() { // Assert.Fail()\n }")]
    [DataRow("public void T() { if (Assert is null) { } }")]
    [DataRow("public void T() => Inner(); void Inner() => T(); void Other() => Assert.Fail();")]
    public void A_test_that_cannot_fail_is_found(string method) => Gate.VerifyOne("asserts nothing", Check(method));

    [TestMethod]
    [DataRow("public void T() { Assert.AreEqual(1, F()); }")]
    [DataRow("public void T() => CollectionAssert.AreEqual(a, b);")]
    [DataRow("public async Task T() { await Assert.ThrowsAsync<E>(() => F()); }")]
    [DataRow("public void T() => VerifyAll(1);")]
    [DataRow("public void T() => new Verifier().ExpectNothing();")]
    [DataRow("public void T() { foreach (int i in x) { Gate.VerifyClean(i); } }")]
    [DataRow("public void T() => Inner(); void Inner() => Deeper(); void Deeper() => Assert.Fail();")]
    [DataRow("public void T() => Prop.ForAll<int>(F).QuickCheckThrowOnFailure();")]
    public void A_test_that_asserts_passes(string method) => Gate.VerifyClean(Check(method));

    [TestMethod]
    public void A_test_may_assert_through_a_class_elsewhere_but_not_through_a_namesake()
    {
        Gate.VerifyClean(_rule.Check(Tree("Runs")));
        Gate.VerifyOne("asserts nothing", _rule.Check(Tree("Others")));

        static SourceTree Tree(string type) => SourceTree.Of(
            ("tests/Y/Runs.cs", "class Runs { public static void Same() => Assert.Fail(); }"),
            ("tests/X/A.cs", $"[TestClass] public class A {{ [TestMethod] public void T() => {type}.Same(); }}"));
    }

    [TestMethod]
    public void What_is_no_test_need_not_assert() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of("tests/X/A.cs", "class A { public void Set() { } }")));

    private IEnumerable<Finding> Check(string method) =>
        _rule.Check(SourceTree.Of("tests/X/A.cs", $"[TestClass] public class A {{ [TestMethod] {method} }}"));
}
