using System.Reflection;

namespace Millrace.Serialization.Shapes;

/// <summary>How an object is made before its members are stored.</summary>
/// <param name="Constructor">The constructor called; null for a struct, which begins as its default.</param>
/// <param name="Arguments">The member for each parameter, in order.</param>
internal sealed record ShapeConstruction(ConstructorInfo? Constructor, IReadOnlyList<ShapeMember> Arguments);
