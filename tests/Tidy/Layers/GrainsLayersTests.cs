using Millrace.Repository;

namespace Millrace.Layers;

[TestClass]
public sealed class GrainsLayersTests
{
    private readonly GrainsLayers _rule = new();

    [TestMethod]
    public void The_repository_keeps_its_layers() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("Jobs", "Batches", DisplayName = "control plane and buffers")]
    [DataRow("Jobs", "Operators", DisplayName = "control plane and operators")]
    [DataRow("Slots", "Network", DisplayName = "control plane and network")]
    [DataRow("Checkpointing", "State", DisplayName = "control plane and state backends")]
    [DataRow("Slots", "UserCode", DisplayName = "user code is for Jobs and Tasks")]
    [DataRow("Jobs", "Tasks/Input", DisplayName = "behind the door of Tasks")]
    [DataRow("Tasks", "Jobs", DisplayName = "upwards")]
    [DataRow("Tasks", "UserCode/Loading", DisplayName = "behind the door of UserCode")]
    [DataRow("Operators", "Tasks", DisplayName = "operators and tasks")]
    [DataRow("Operators", "Network", DisplayName = "operators and network")]
    [DataRow("Operators/Windows", "UserCode", DisplayName = "operators and user code")]
    [DataRow("Connectors", "Network", DisplayName = "connectors and network")]
    [DataRow("Network", "Operators", DisplayName = "network and operators")]
    [DataRow("Network", "State/Heap", DisplayName = "network and state")]
    [DataRow("State", "Network", DisplayName = "state and network")]
    [DataRow("Batches", "State", DisplayName = "ground upwards")]
    [DataRow("Execution", "Tasks", DisplayName = "ground far upwards")]
    [DataRow("UserCode", "Tasks", DisplayName = "user code upwards")]
    public void A_room_that_knows_too_much_is_found(string room, string stranger) =>
        Gate.VerifyOne($"'Target' of Grains/{stranger}", _rule.Check(Uses(room, stranger)));

    [TestMethod]
    [DataRow("Jobs", "Slots")]
    [DataRow("Slots", "Tasks")]
    [DataRow("Jobs", "Execution")]
    [DataRow("Jobs", "UserCode")]
    [DataRow("Tasks", "Operators/Windows")]
    [DataRow("Tasks/Input", "Network")]
    [DataRow("Tasks", "Tasks/Output")]
    [DataRow("Tasks/Output", "Tasks")]
    [DataRow("Operators/Windows", "State/Heap")]
    [DataRow("Network/Exchange", "Batches")]
    [DataRow("Batches", "Execution")]
    public void A_room_may_know_what_lies_below_it(string room, string known) =>
        Gate.VerifyClean(_rule.Check(Uses(room, known)));

    [TestMethod]
    public void A_contract_of_the_same_namespace_may_be_known_where_the_implementation_may_not() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of(
            ("Grains.Interfaces/State/Contract.cs", "namespace Millrace.State; public interface Contract;"),
            ("Grains/State/Hidden.cs", "namespace Millrace.State; class Hidden;"),
            ("Grains/Jobs/User.cs", "using Millrace.State; namespace Millrace.Jobs; class User { Contract c; }"))));

    [TestMethod]
    [DataRow("Millrace.Batches.Target F;", DisplayName = "qualified name")]
    [DataRow("object F = typeof(global::Millrace.Batches.Target);", DisplayName = "typeof, global")]
    [DataRow("object F = new Alias();", DisplayName = "alias")]
    [DataRow("void F() { var x = Give(); x.Poke(); } dynamic Give() => Static();", DisplayName = "using static")]
    [DataRow("List<Batches.Target> F;", DisplayName = "type argument, half a name")]
    public void No_way_of_writing_a_name_hides_it(string member)
    {
        string user = $$"""
            using Alias = Millrace.Batches.Target;
            using static Millrace.Batches.Target;
            namespace Millrace.Jobs;
            class User { {{member}} }
            """;
        Assert.IsNotEmpty(_rule.Check(Tree("Batches", ("Grains/Jobs/User.cs", user))).Where(found => found.Line == 4));
    }

    [TestMethod]
    public void A_value_whose_type_is_never_written_is_found()
    {
        string road = """
            namespace Millrace.Tasks;
            class Road { public Millrace.Batches.Target Next() => new(); }
            """;
        string user = """
            namespace Millrace.Jobs;
            class User { void F(Millrace.Tasks.Road road) { var batch = road.Next(); batch.Poke(); } }
            """;
        Gate.VerifyOne(
            "Jobs may not know 'Target'",
            _rule.Check(Tree("Batches", ("Grains/Tasks/Road.cs", road), ("Grains/Jobs/User.cs", user))));
    }

    [TestMethod]
    public void Documentation_may_mention_any_type()
    {
        string user = """
            namespace Millrace.Jobs;
            /// <summary>See <see cref="Millrace.Batches.Target"/>.</summary>
            class User;
            """;
        Gate.VerifyClean(_rule.Check(Tree("Batches", ("Grains/Jobs/User.cs", user))));
    }

    [TestMethod]
    [DataRow("Grains/Cellar/A.cs")]
    [DataRow("Grains/A.cs")]
    public void A_room_without_a_place_in_the_layers_is_found(string path) =>
        Gate.VerifyOne("is no room of Grains", _rule.Check(SourceTree.Of(path, "class A;")));

    private static SourceTree Uses(string room, string target)
    {
        string user = $$"""
            using Millrace.{{Dotted(target)}};
            namespace Millrace.{{Dotted(room)}};
            class User { Target _target; }
            """;
        return Tree(target, ($"Grains/{room}/User.cs", user));
    }

    private static SourceTree Tree(string targetRoom, params (string, string)[] others)
    {
        string target = $$"""
            namespace Millrace.{{Dotted(targetRoom)}};
            public class Target { public static object Static() => null; public void Poke() { } }
            """;
        return SourceTree.Of([.. others, ($"Grains/{targetRoom}/Target.cs", target)]);
    }

    private static string Dotted(string room) => room.Replace('/', '.');
}
