using Millrace.Repository;

namespace Millrace.Rooms;

[TestClass]
public sealed class RoomNamesTests
{
    private readonly RoomNames _rule = new();

    [TestMethod]
    public void The_repository_has_rooms_by_subject() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("Grains/Helpers/A.cs")]
    [DataRow("Grains/Tasks/Models/A.cs")]
    [DataRow("Grains/Tasks/utils/Deeper/A.cs")]
    [DataRow("tests/Grains.Tests/Common/A.cs")]
    [DataRow("Hosting/Interfaces/A.cs")]
    [DataRow("Grains/Jobs/Impl/A.cs")]
    public void A_room_of_a_kind_is_found_at_any_depth(string path) =>
        Gate.VerifyOne("names a kind", _rule.Check(SourceTree.Of(path, "")));

    [TestMethod]
    public void The_contracts_project_and_its_subjects_may_be_called_as_they_are() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of(
            ("Grains.Interfaces/Functions/A.cs", ""), ("tests/Grains.Interfaces.Tests/Jobs/A.cs", ""), ("a.md", ""))));
}
