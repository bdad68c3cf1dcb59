using System.Text.Json;
using Millrace.UserCode;

namespace Millrace.Commands;

[TestClass]
public sealed class InfoTests
{
    [TestMethod]
    public async Task The_plan_of_a_program_is_shown_without_a_cluster_and_without_its_input()
    {
        Said said = await Said.ByAsync(
            "info", "-p", "3", BuiltJobs.Assembly("WordCount"), "--", "--input", "/does/not/exist", "--output", "out");

        string plan = said.WithCode(ExitCodes.Success).Output;
        Assert.Contains("WordCount", plan);
        Assert.Contains("3 slots for 6 tasks", plan);
        Assert.Contains("<- [1] by HASH", plan);
        Assert.Contains("words", plan, "The uids are the program's own.");
    }

    [TestMethod]
    public async Task The_plan_as_json_has_each_operator_with_its_id()
    {
        Said said = await Said.ByAsync("info", "--json", BuiltJobs.Assembly("WordCount"), "--", "--input", "x");

        using var json = JsonDocument.Parse(said.WithCode(ExitCodes.Success).Output);
        JsonElement[] operators =
        [
            .. json.RootElement.EnumerateArray().Single()
                .GetProperty("vertices").EnumerateArray()
                .SelectMany(vertex => vertex.GetProperty("operators").EnumerateArray()),
        ];
        Assert.HasCount(4, operators);
        Assert.IsTrue(operators.All(step => step.GetProperty("id").GetString()!.Length == 32));
    }

    [TestMethod]
    public async Task Of_several_jobs_without_a_main_one_has_to_be_named()
    {
        Said said = await Said.ByAsync("info", BuiltJobs.Assembly("Troubles"));

        Assert.Contains("Troubles.EndlessJob", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("Troubles.ThrowingJob", said.Error);

        Said named = await Said.ByAsync("info", "-c", "EndlessJob", BuiltJobs.Assembly("Troubles"));
        Assert.Contains("EndlessJob", named.WithCode(ExitCodes.Success).Output);
    }

    [TestMethod]
    public async Task A_class_that_is_not_there_is_named()
    {
        Said said = await Said.ByAsync("info", "-c", "NoSuchJob", BuiltJobs.Assembly("Troubles"));

        Assert.Contains("NoSuchJob", said.WithCode(ExitCodes.Failure).Error);
    }

    [TestMethod]
    public async Task A_package_without_a_job_is_refused()
    {
        Said said = await Said.ByAsync("info", BuiltJobs.Assembly("NoJob"));

        Assert.Contains("has no job", said.WithCode(ExitCodes.Failure).Error);
    }

    [TestMethod]
    public async Task A_main_that_submits_nothing_has_no_plan_to_show()
    {
        Said said = await Said.ByAsync("info", BuiltJobs.Assembly("OneJob"));

        Assert.Contains("submitted no job", said.WithCode(ExitCodes.Failure).Error);
    }

    [TestMethod]
    public async Task A_record_that_cannot_be_serialized_is_refused_with_its_member()
    {
        Said said = await Said.ByAsync("info", "-c", "UnserializableJob", BuiltJobs.Assembly("Troubles"));

        Assert.Contains("Parcel", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("Content", said.Error);
    }

    [TestMethod]
    public async Task A_missing_argument_is_wrong_usage_of_the_program()
    {
        Said said = await Said.ByAsync("info", "-c", "ThrowingJob", BuiltJobs.Assembly("Troubles"));

        Assert.Contains("'--input' is missing", said.WithCode(ExitCodes.WrongUsage).Error);
    }
}
