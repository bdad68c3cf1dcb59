namespace Millrace.Repository;

/// <summary>Turns findings into the verdict of a test.</summary>
internal static class Gate
{
    private const int Shown = 40;

    /// <summary>Fails with every finding by name; passes when there is none.</summary>
    public static void VerifyClean(IEnumerable<Finding> findings)
    {
        Finding[] all = [.. findings];
        if (all.Length == 0)
        {
            return;
        }

        IEnumerable<string> lines = all.Take(Shown).Select(finding => finding.ToString());
        string rest = all.Length > Shown ? $"\n... and {all.Length - Shown} more" : "";
        Assert.Fail($"{all.Length} finding(s):\n{string.Join('\n', lines)}{rest}");
    }

    /// <summary>Fails unless there is exactly one finding and its text has this part.</summary>
    public static void VerifyOne(string part, IEnumerable<Finding> findings)
    {
        Finding[] all = [.. findings];
        string seen = string.Join('\n', all.Select(finding => finding.ToString()));
        Assert.HasCount(1, all, $"One finding with '{part}' was expected; found:\n{seen}");
        Assert.Contains(part, seen);
    }
}
