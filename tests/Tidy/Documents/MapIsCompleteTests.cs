using Millrace.Repository;

namespace Millrace.Documents;

[TestClass]
public sealed class MapIsCompleteTests
{
    private readonly MapIsComplete _rule = new();

    [TestMethod]
    public void The_repository_is_on_its_map() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    public void A_room_without_a_link_is_found() =>
        Gate.VerifyOne("no link to 'Grains/Cellar'", _rule.Check(Tree("[Jobs](../Grains/Jobs/) and Grains/Cellar")));

    [TestMethod]
    public void Rooms_inside_rooms_and_other_projects_need_none() =>
        Gate.VerifyClean(_rule.Check(Tree("[Jobs](../Grains/Jobs) [Cellar](../Grains/Cellar/)")));

    private static SourceTree Tree(string text) => SourceTree.Of(
        ("docs/architecture.md", text),
        ("Grains/Jobs/Plans/A.cs", ""),
        ("Grains/Cellar/B.cs", ""),
        ("Silo/Rest/C.cs", ""));
}
