using System.Reflection;
using Millrace.DataStream;
using Millrace.Programs;

namespace Millrace.UserCode;

[TestClass]
public sealed class JobProgramTests
{
    private static int Loaded;

    [TestMethod]
    [DataRow(null)]
    [DataRow("OneJob.CountingJob")]
    [DataRow("CountingJob")]
    public void The_only_job_is_found_without_a_name_and_any_by_full_or_simple_name(string? name)
    {
        JobProgram program = JobProgram.Find(Load("OneJob"), name);

        Assert.AreEqual("OneJob.CountingJob", program.ClassName);
        Assert.AreEqual("water", program.Define(JobArguments.Parse("--name", "water")).JobName);
        Assert.IsTrue(JobProgram.HasMain(Load("OneJob")));
        Assert.IsFalse(JobProgram.HasMain(Load("TwoJobs")));
    }

    [TestMethod]
    public void Two_jobs_without_a_name_are_listed_and_each_is_found_by_name_even_with_a_private_constructor()
    {
        AmbiguousJobClassException error = Assert.ThrowsExactly<AmbiguousJobClassException>(
            () => JobProgram.Find(Load("TwoJobs"), null));
        CollectionAssert.AreEqual(new[] { "TwoJobs.FirstJob", "TwoJobs.SecondJob" }, error.Candidates);
        StringAssert.Contains(error.Message, "'TwoJobs' has 2 jobs: TwoJobs.FirstJob, TwoJobs.SecondJob");

        Assert.AreEqual("second", JobProgram.Find(Load("TwoJobs"), "SecondJob").Define(JobArguments.Empty).JobName);
    }

    [TestMethod]
    public void What_is_abstract_generic_a_struct_an_interface_or_private_is_no_job()
    {
        NoJobClassException error = Assert.ThrowsExactly<NoJobClassException>(
            () => JobProgram.Find(Load("NoJob"), null));
        Assert.AreEqual("NoJob", error.AssemblyName);
        StringAssert.Contains(error.Message, "'NoJob'");
    }

    [TestMethod]
    [DataRow("NoJob.AbstractJob", "it is abstract")]
    [DataRow("NoJob.GenericJob`1", "it is generic")]
    [DataRow("NoJob.StructJob", "it is not a class")]
    [DataRow("INamedJob", "it is not a class")]
    [DataRow("NoJob.Outer+HiddenJob", "neither public nor internal")]
    [DataRow("NoJob.Outer", "does not implement Millrace.Programs.IStreamJob")]
    [DataRow("NoJob.Missing", "There is no class 'NoJob.Missing'")]
    [DataRow("outer", "There is no class 'outer'")]
    public void A_class_that_is_named_but_is_no_job_is_refused_with_the_reason(string name, string reason)
    {
        InvalidJobClassException error = Assert.ThrowsExactly<InvalidJobClassException>(
            () => JobProgram.Find(Load("NoJob"), name));
        Assert.AreEqual(name, error.ClassName);
        StringAssert.Contains(error.Message, reason);
        StringAssert.Contains(error.Message, "it has none");
    }

    [TestMethod]
    public void A_name_that_does_not_exist_is_answered_with_those_that_do()
    {
        InvalidJobClassException error = Assert.ThrowsExactly<InvalidJobClassException>(
            () => JobProgram.Find(Load("TwoJobs"), "ThirdJob"));
        StringAssert.Contains(error.Message, "TwoJobs.FirstJob, TwoJobs.SecondJob");
    }

    [TestMethod]
    public void A_job_without_a_constructor_without_parameters_is_refused_saying_what_to_do()
    {
        InvalidJobClassException error = Assert.ThrowsExactly<InvalidJobClassException>(
            () => JobProgram.Of(typeof(NeedsName)));
        StringAssert.Contains(error.Message, "JobArguments");
        StringAssert.Contains(error.Message, nameof(NeedsName));
    }

    [TestMethod]
    public void An_error_of_the_constructor_comes_as_it_is_and_every_definition_gets_a_fresh_instance()
    {
        Assert.ThrowsExactly<TimeZoneNotFoundException>(() => JobProgram.Of(typeof(Throws)).Define(JobArguments.Empty));

        JobProgram program = JobProgram.Of(typeof(CountsInstances));
        int before = CountsInstances.Made;
        program.Define(JobArguments.Empty);
        program.Define(JobArguments.Empty);
        Assert.AreEqual(before + 2, CountsInstances.Made);
    }

    private static Assembly Load(string project) =>
        new JobLoadContext($"{project} {Loaded++}", BuiltJobs.Assembly(project)).LoadMain();

    internal sealed class NeedsName(string name) : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) => env.SetJobName(name);
    }

    internal sealed class Throws : IStreamJob
    {
        public Throws() => throw new TimeZoneNotFoundException();

        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
        }
    }

    internal sealed class CountsInstances : IStreamJob
    {
        public CountsInstances() => Made++;

        public static int Made { get; private set; }

        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
        }
    }
}
