using System.Reflection;
using Millrace.Programs;

namespace Millrace.UserCode;

[TestClass]
public sealed class SharedAssembliesTests
{
    // From what a job may reference to the fixed point: a shared assembly shows types of others in turn. Not through
    // Orleans, of which a job names no type: that would share Newtonsoft.Json and much more.
    [TestMethod]
    public void Every_assembly_seen_in_a_public_signature_is_shared_or_of_the_framework()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<Assembly>([typeof(IStreamJob).Assembly, typeof(JobLoadContext).Assembly, Hosting()]);
        var missing = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (open.TryDequeue(out Assembly? assembly))
        {
            foreach ((Assembly shown, string where) in PublicSignatures.Of(assembly))
            {
                string name = shown.GetName().Name!;
                if (!seen.Add(name) || SharedAssemblies.IsFramework(name))
                {
                    continue;
                }

                if (!name.StartsWith("Orleans.", StringComparison.Ordinal))
                {
                    open.Enqueue(shown);
                }

                if (!SharedAssemblies.Contains(name))
                {
                    missing.Add(name, $"{where} in {assembly.GetName().Name}");
                }
            }
        }

        Assert.IsEmpty(missing, string.Join(Environment.NewLine, missing.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.IsGreaterThan(10, seen.Count, "assemblies seen");
    }

    private static Assembly Hosting() => Assembly.Load(new AssemblyName("Millrace.Hosting"));
}
