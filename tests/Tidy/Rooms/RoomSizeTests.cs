using Millrace.Repository;

namespace Millrace.Rooms;

[TestClass]
public sealed class RoomSizeTests
{
    private readonly RoomSize _rule = new();

    [TestMethod]
    public void The_repository_keeps_its_rooms_small() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    public void Twenty_five_files_pass_and_one_more_does_not()
    {
        Gate.VerifyClean(_rule.Check(Room(25)));
        Gate.VerifyOne("Grains/Jobs: 26 source files", _rule.Check(Room(26)));
    }

    [TestMethod]
    public void Files_of_inner_rooms_and_documents_do_not_count()
    {
        (string, string)[] others = [("Grains/Jobs/Plans/A.cs", ""), ("Grains/Jobs/README.md", "")];
        Gate.VerifyClean(_rule.Check(SourceTree.Of([.. Files(25), .. others])));
    }

    private static SourceTree Room(int files) => SourceTree.Of([.. Files(files)]);

    private static IEnumerable<(string, string)> Files(int count) =>
        Enumerable.Range(0, count).Select(index => ($"Grains/Jobs/A{index}.cs", ""));
}
