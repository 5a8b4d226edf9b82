/**
 * The transport of applications that run on Android. The application brings OkHttp 5 ({@code com.squareup.okhttp3:okhttp},
 * or {@code okhttp-jvm} where Maven builds it).
 */
@NullMarked
package im.signet.client.okhttp;

import org.jspecify.annotations.NullMarked;
