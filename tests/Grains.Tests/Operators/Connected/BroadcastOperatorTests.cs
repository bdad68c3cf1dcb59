using Millrace.Operators.Joins;
using Millrace.Operators.Outputs;
using Millrace.Operators.TwoInputs;
using Millrace.Serialization;
using Millrace.State.OperatorStates;

namespace Millrace.Operators.Connected;

/// <summary>Broadcast functions under random interleavings, restored and rescaled after each step, against a plain
/// model that is told the interleaving.</summary>
[TestClass]
[Verifies(typeof(KeyedBroadcastOperator<,,,>))]
[Verifies(typeof(CoOperator<,,,>))]
public sealed class BroadcastOperatorTests
{
    [TestMethod]
    public void Rules_state_and_timers_of_keys_are_as_in_a_model_of_one_thread() =>
        TwoInputVerifier.Verify(new TwoInputCase<Mark, Rule, string>(
            (output, range) => new KeyedBroadcastOperator<int, Mark, Rule, string>(
                Joining.Parts(output, range), mark => mark.Key, new SumUnderRules(), [SumUnderRules.Rules]),
            Joining.Marks(1, 60),
            Rule.Some(2, 25),
            Joining.HashOf,
            _ => 0,
            [])
        {
            IsRightBroadcast = true,
            Model = SumUnderRules.Model,
            AnyOrder = true,
        });

    [TestMethod]
    public void Without_keys_every_record_sees_the_rules_so_far() =>
        TwoInputVerifier.Verify(new TwoInputCase<Mark, Rule, string>(
            (output, _) =>
            {
                var sides = new SideOutputs("rules");
                var backend = new OperatorStateBackend("rules", new SerializerSet());
                return new CoOperator<Mark, Rule, string, BroadcastStep<Mark, Rule, string>>(
                    "rules",
                    new(
                        new NameRules(),
                        new BroadcastStates(backend, [SumUnderRules.Rules]),
                        TimeProvider.System,
                        sides),
                    backend,
                    output,
                    sides);
            },
            Joining.Marks(3, 60),
            Rule.Some(4, 25),
            Joining.HashOf,
            _ => 0,
            [])
        {
            IsRightBroadcast = true,
            Model = NameRules.Model,
        });
}
