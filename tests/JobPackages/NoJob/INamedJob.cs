using Millrace.Programs;

namespace NoJob;

public interface INamedJob : IStreamJob
{
    string Name { get; }
}
