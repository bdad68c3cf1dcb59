using Millrace.Clustering;

namespace Millrace;

/// <summary>What a child process of a test does: the first argument names it.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["membership", .. string[] rest]:
                await MembershipChild.RunAsync(rest);
                return 0;
            default:
                await Console.Error.WriteLineAsync($"No child is called '{string.Join(' ', args)}'.");
                return 2;
        }
    }
}
