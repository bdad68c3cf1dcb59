using Millrace.Repository;

namespace Millrace.Names;

[TestClass]
public sealed class TypeNamesTests
{
    private readonly TypeNames _rule = new();

    [TestMethod]
    public void The_repository_names_its_types_after_what_they_are() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("class PathHelper;")]
    [DataRow("static class StringUtils { }")]
    [DataRow("class JobUtil;")]
    [DataRow("record SlotManager(int X);")]
    [DataRow("interface ISlotManager;")]
    [DataRow("class MailboxImpl<T>;")]
    [DataRow("struct RowBase;")]
    [DataRow("class Outer { class InnerHelper; }")]
    public void An_empty_ending_is_found(string code) =>
        Gate.VerifyOne("ends in", _rule.Check(SourceTree.Of("A.cs", code)));

    [TestMethod]
    [DataRow("class ResourceManager;")]
    [DataRow("interface ITaskManager;")]
    [DataRow("interface ITaskManagerGrain;")]
    [DataRow("class Database;")]
    [DataRow("class HelperOfTheMiller;")]
    public void Words_of_the_field_and_other_words_pass(string code) =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of("A.cs", code)));
}
