using Millrace.Repository;

namespace Millrace.Sizes;

[TestClass]
public sealed class ParameterCountTests
{
    private readonly ParameterCount _rule = new();

    [TestMethod]
    public void The_repository_keeps_its_parameters_few() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("class A { void F(#) { } }", DisplayName = "method")]
    [DataRow("class A { A(#) { } }", DisplayName = "constructor")]
    [DataRow("class A(#);", DisplayName = "primary constructor")]
    [DataRow("class A { void F() { void L(#) { } } }", DisplayName = "local function")]
    [DataRow("delegate void D(#);", DisplayName = "delegate")]
    [DataRow("class A { int this[#] => 0; }", DisplayName = "indexer")]
    [DataRow("interface I { void F(#); }", DisplayName = "interface")]
    public void Seven_parameters_pass_and_eight_do_not(string code)
    {
        Gate.VerifyClean(_rule.Check(With(code, 7)));
        Gate.VerifyOne("8 parameters", _rule.Check(With(code, 8)));
    }

    [TestMethod]
    public void A_record_may_have_as_many_members_as_its_subject_has() =>
        Gate.VerifyClean(_rule.Check(With("record R(#);", 12)));

    [TestMethod]
    public void An_override_takes_what_its_base_gives() =>
        Gate.VerifyClean(_rule.Check(With("class A : B { public override void F(#) { } }", 9)));

    private static SourceTree With(string code, int count)
    {
        string parameters = string.Join(", ", Enumerable.Range(0, count).Select(index => $"int p{index}"));
        return SourceTree.Of("A.cs", code.Replace("#", parameters, StringComparison.Ordinal));
    }
}
